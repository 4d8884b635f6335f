# The page, built apart: its tools do not reach the final image.
FROM node:24-bookworm-slim AS page
WORKDIR /page
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY frontend/ ./
RUN npm run build

FROM python:3.11-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=auditsite.settings \
    ORT_DISABLE_TELEMETRY=1
WORKDIR /overread
COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY manage.py LICENSE MODEL_LICENSE ./
COPY auditsite/ auditsite/
COPY audits/ audits/
COPY inference/ inference/
COPY --from=page /page/dist frontend/dist
RUN useradd --system --uid 10001 overread && install -d -o overread /media
ENV MEDIA_ROOT=/media
USER overread
VOLUME /media
EXPOSE 8000
CMD ["gunicorn", "auditsite.wsgi:application", "--bind", "0.0.0.0:8000", \
     "--worker-class", "gthread", "--workers", "2", "--threads", "8", "--no-control-socket"]
