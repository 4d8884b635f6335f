"""The sources that every installation knows. Their switches follow their published terms."""

from django.db import migrations

PHANTOM_CITATION = "Rendered by inference.phantoms; shows no person."
NIH_CITATION = (
    "Wang X, Peng Y, Lu L, Lu Z, Bagheri M, Summers RM. ChestX-ray8: Hospital-scale Chest X-ray "
    "Database and Benchmarks on Weakly-Supervised Classification and Localization of Common "
    "Thorax Diseases. IEEE CVPR 2017."
)

SOURCES = [
    {"slug": "upload", "name": "Uploaded by hand", "licence": "unknown: nothing leaves"},
    {
        "slug": "phantom",
        "name": "Rendered phantoms",
        "licence": "CC0-1.0",
        "citation": PHANTOM_CITATION,
        "pixels_redistributable": True,
        "text_redistributable": True,
        "boxes_redistributable": True,
        "commercial_use": True,
    },
    {
        "slug": "nih-cxr14",
        "name": "NIH ChestX-ray14",
        "licence": "NIH Clinical Center terms: free use with citation and link",
        "citation": NIH_CITATION,
        "terms_url": "https://nihcc.app.box.com/v/ChestXray-NIHCC",
        "text_redistributable": True,
        "boxes_redistributable": True,
    },
]


def add(apps, schema_editor):
    source = apps.get_model("audits", "Source")
    for row in SOURCES:
        source.objects.get_or_create(slug=row["slug"], defaults=row)


class Migration(migrations.Migration):
    dependencies = [("audits", "0001_initial")]

    # Cases may hang on a source by the time of a reversal; a source alone does no harm.
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
