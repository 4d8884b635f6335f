"""The public datasets, with the switches that their published terms allow.

A switch is on only where the terms say so: what they leave open stays here, and a curator who has
a permission in hand sets it. A source that an installation has changed is left as it is.
"""

from django.db import migrations

NIH_CITATION = (
    "Wang X, Peng Y, Lu L, Lu Z, Bagheri M, Summers RM. ChestX-ray8: Hospital-scale Chest X-ray "
    "Database and Benchmarks on Weakly-Supervised Classification and Localization of Common "
    "Thorax Diseases. IEEE CVPR 2017."
)
NIH_CONSENT = "De-identified by the NIH Clinical Center before its release to the public."
HOSPITAL_CONSENT = "De-identified by the hospital; consent waived by its review board."

NIH = {
    "licence": "NIH Clinical Center: no restriction on use; cite, and link the NIH release",
    "pixels_redistributable": True,
    "commercial_use": True,
    "consent_note": NIH_CONSENT,
}
NIH_BEFORE = {
    "licence": "NIH Clinical Center terms: free use with citation and link",
    "pixels_redistributable": False,
    "commercial_use": False,
    "consent_note": "",
}

SOURCES = [
    {
        "slug": "vindr-cxr",
        "name": "VinDr-CXR",
        "licence": "VinDr-CXR terms: non-commercial research, nothing redistributed",
        "citation": (
            "Nguyen HQ, Lam K, Le LT, et al. VinDr-CXR: An open dataset of chest X-rays with "
            "radiologist's annotations. Scientific Data 9:429 (2022)."
        ),
        "terms_url": "https://physionet.org/content/vindr-cxr/1.0.0/",
        "consent_note": HOSPITAL_CONSENT,
    },
    {
        "slug": "chestx-det",
        "name": "ChestX-Det",
        "licence": "Apache-2.0",
        "citation": (
            "Lian J, Liu J, Zhang S, et al. A Structure-Aware Relation Network for Thoracic "
            "Diseases Detection and Segmentation. IEEE Transactions on Medical Imaging 40(8) "
            "(2021). Pictures: " + NIH_CITATION
        ),
        "terms_url": "https://github.com/Deepwise-AILab/ChestX-Det-Dataset",
        "pixels_redistributable": True,
        "text_redistributable": True,
        "boxes_redistributable": True,
        "commercial_use": True,
        "consent_note": NIH_CONSENT,
    },
    {
        # No derivatives: phrases cut from a report, and pixels written anew, are derivatives.
        "slug": "open-i",
        "name": "Open-i, Indiana University",
        "licence": "CC-BY-NC-ND-4.0",
        "citation": (
            "Demner-Fushman D, Kohli MD, Rosenman MB, et al. Preparing a collection of radiology "
            "examinations for distribution and retrieval. JAMIA 23(2):304-310 (2016)."
        ),
        "terms_url": "https://openi.nlm.nih.gov/faq",
        "boxes_redistributable": True,
        "consent_note": HOSPITAL_CONSENT,
    },
    {
        "slug": "padchest-gr",
        "name": "PadChest-GR",
        "licence": "BIMCV data use agreement: on request, research only, nothing redistributed",
        "citation": (
            "Castro DC, Bustos A, Bannur S, et al. PadChest-GR: A Bilingual Chest X-Ray Dataset "
            "for Grounded Radiology Report Generation. NEJM AI 2(7) (2025)."
        ),
        "terms_url": "https://bimcv.cipf.es/bimcv-projects/padchest-gr/",
        "consent_note": HOSPITAL_CONSENT,
    },
    {
        "slug": "mimic-cxr",
        "name": "MIMIC-CXR",
        "licence": "PhysioNet Credentialed Health Data License 1.5.0: nothing redistributed",
        "citation": (
            "Johnson AEW, Pollard TJ, Berkowitz SJ, et al. MIMIC-CXR, a de-identified publicly "
            "available database of chest radiographs with free-text reports. Scientific Data "
            "6:317 (2019)."
        ),
        "terms_url": "https://physionet.org/content/mimic-cxr/2.1.0/",
        "consent_note": HOSPITAL_CONSENT,
    },
    {
        "slug": "chexpert",
        "name": "CheXpert",
        "licence": "Stanford University Dataset Research Use Agreement: nothing redistributed",
        "citation": (
            "Irvin J, Rajpurkar P, Ko M, et al. CheXpert: A Large Chest Radiograph Dataset with "
            "Uncertainty Labels and Expert Comparison. AAAI 2019."
        ),
        "terms_url": "https://stanfordmlgroup.github.io/competitions/chexpert/",
        "consent_note": HOSPITAL_CONSENT,
    },
    {
        "slug": "rsna-pneumonia",
        "name": "RSNA Pneumonia Detection Challenge",
        "licence": "RSNA challenge terms: non-commercial research and education",
        "citation": (
            "Shih G, Wu CC, Halabi SS, et al. Augmenting the National Institutes of Health Chest "
            "Radiograph Dataset with Expert Annotations of Possible Pneumonia. Radiology: "
            "Artificial Intelligence 1(1) (2019)."
        ),
        "terms_url": "https://www.rsna.org/rsnai/ai-image-challenge/rsna-pneumonia-detection-challenge-2018",
        "consent_note": NIH_CONSENT,
    },
    {
        "slug": "siim-pneumothorax",
        "name": "SIIM-ACR Pneumothorax Segmentation",
        "licence": "SIIM-ACR challenge terms: non-commercial research and education",
        "citation": (
            "Filice RW, Stein A, Wu CC, et al. Crowdsourcing pneumothorax annotations using "
            "machine learning annotations on the NIH chest X-ray dataset. Journal of Digital "
            "Imaging 33:490-496 (2020)."
        ),
        "terms_url": "https://www.kaggle.com/c/siim-acr-pneumothorax-segmentation",
        "consent_note": NIH_CONSENT,
    },
    {
        "slug": "jsrt",
        "name": "JSRT",
        "licence": "JSRT terms: research and education with citation",
        "citation": (
            "Shiraishi J, Katsuragawa S, Ikezoe J, et al. Development of a digital image database "
            "for chest radiographs with and without a lung nodule. AJR 174:71-74 (2000)."
        ),
        "terms_url": "http://db.jsrt.or.jp/eng.php",
        "consent_note": "De-identified by the Japanese Society of Radiological Technology.",
    },
]


def add(apps, schema_editor):
    source = apps.get_model("audits", "Source")
    for row in SOURCES:
        source.objects.get_or_create(slug=row["slug"], defaults=row)
    source.objects.filter(slug="nih-cxr14", **NIH_BEFORE).update(**NIH)


def take_back(apps, schema_editor):
    """Cases may hang on the new sources, and a source alone does no harm: they stay."""
    apps.get_model("audits", "Source").objects.filter(slug="nih-cxr14", **NIH).update(**NIH_BEFORE)


class Migration(migrations.Migration):
    dependencies = [("audits", "0007_sources_and_imports")]

    operations = [migrations.RunPython(add, take_back)]
