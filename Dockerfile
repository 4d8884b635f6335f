# One image for web, events, beat and the CPU worker; with --build-arg MODELS=gpu, one for the GPU
# worker, which adds torch and the large models' libraries. torch's wheel brings CUDA; the host
# brings the driver and NVIDIA's container toolkit.
ARG MODELS=cpu

# The page, built apart: its tools do not reach the final image.
FROM node:24-bookworm-slim AS page
WORKDIR /page
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY frontend/ ./
RUN npm run build

FROM python:3.11-slim-bookworm AS cpu
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=auditsite.settings \
    ORT_DISABLE_TELEMETRY=1 MEDIA_ROOT=/media HF_HOME=/models
WORKDIR /overread
COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt \
    && useradd --system --uid 10001 overread \
    && install -d -o overread /media /models

FROM cpu AS gpu
COPY requirements-models.txt ./
RUN pip install --no-cache-dir torch==2.13.0 \
    && pip install --no-cache-dir --no-deps -r requirements-models.txt

FROM ${MODELS} AS overread
WORKDIR /overread
COPY manage.py LICENSE MODEL_LICENSE ./
COPY auditsite/ auditsite/
COPY audits/ audits/
COPY inference/ inference/
COPY --from=page /page/dist frontend/dist
USER 10001
VOLUME ["/media", "/models"]
EXPOSE 8000
CMD ["gunicorn", "auditsite.wsgi:application", "--bind", "0.0.0.0:8000", \
     "--worker-class", "gthread", "--workers", "2", "--threads", "8", "--timeout", "60", \
     "--no-control-socket", "--preload"]
