"""The demo: twelve phantoms with drafts, one for each thing an audit can say.

The drafts are written here, about no person. What the phantom holds is known; what the page shows
of it is whatever the grounder and the parser really find.
"""

from dataclasses import dataclass

from inference.vocabulary import Label

EFFUSION = Label.PLEURAL_EFFUSION
PNEUMOTHORAX = Label.PNEUMOTHORAX
OPACITY = Label.LUNG_OPACITY_CONSOLIDATION
NODULE = Label.NODULE_MASS
HEART = Label.CARDIOMEGALY


@dataclass(frozen=True, slots=True)
class DemoCase:
    """One phantom and its draft: ``render_phantom(seed, findings)`` gives the picture.

    ``purpose`` says in a sentence what the case is there to show.
    """

    name: str
    seed: int
    findings: tuple[Label, ...]
    draft: str
    purpose: str


def demo_cases() -> list[DemoCase]:
    """The twelve cases, urgent ones first; names and seeds (all below 1,000) are unique."""
    return list(_CASES)


_CASES = (
    DemoCase(
        "denied-pneumothorax",
        130,
        (PNEUMOTHORAX,),
        "No pneumothorax. Heart size normal.",
        "A left pneumothorax that the draft denies: MISSING (denied) and URGENT, not reported.",
    ),
    DemoCase(
        "omitted-pneumothorax",
        128,
        (PNEUMOTHORAX,),
        "FINDINGS: The heart is normal in size. No pleural effusion. Degenerative changes of the "
        "thoracic spine.\nIMPRESSION: No focal consolidation.",
        "A right pneumothorax that the draft does not mention: MISSING (omitted) and URGENT.",
    ),
    DemoCase(
        "omitted-nodule",
        322,
        (NODULE,),
        "Lungs are well expanded. No pleural effusion or pneumothorax. Cardiac silhouette within "
        "normal limits.",
        "A left nodule that the draft does not mention: MISSING (omitted) and URGENT.",
    ),
    DemoCase(
        "reported-nodule",
        176,
        (NODULE,),
        "A round 3.5 cm mass is seen in the right mid lung. No pleural effusion or pneumothorax. "
        "Heart size is normal. Recommend CT of the chest.",
        "A right mass that the draft reports: no MISSING, and URGENT as reported.",
    ),
    DemoCase(
        "denied-effusion",
        116,
        (EFFUSION,),
        "FINDINGS: Low lung volumes. The cardiomediastinal silhouette is unremarkable.\n"
        "IMPRESSION: No pleural effusion. No pneumothorax.",
        "A right effusion that the draft denies: MISSING (denied).",
    ),
    DemoCase(
        "omitted-heart",
        193,
        (HEART,),
        "The lungs are clear. No pleural effusion or pneumothorax. Mild degenerative changes of "
        "the spine.",
        "An enlarged heart that the draft does not mention: MISSING (omitted).",
    ),
    DemoCase(
        "wrong-side",
        148,
        (OPACITY,),
        "Focal opacity in the right mid lung, which may represent pneumonia. No pleural effusion. "
        "No pneumothorax. Heart size is normal.",
        "A left opacity that the draft puts on the right: a note, no flag in policy 1.",
    ),
    DemoCase(
        "over-call",
        85,
        (),
        "Moderate cardiomegaly with a small left pleural effusion. No pneumothorax.",
        "Nothing on the image, two findings in the draft: UNSUPPORTED twice.",
    ),
    DemoCase(
        "faithful-effusion",
        113,
        (EFFUSION,),
        "Moderate left pleural effusion. No pneumothorax. Heart size is normal.",
        "A left effusion that the draft reports: no flag.",
    ),
    DemoCase(
        "faithful-normal",
        82,
        (),
        "Heart size is normal. The lungs are clear. No pleural effusion or pneumothorax.",
        "Nothing on the image, nothing in the draft: no flag.",
    ),
    DemoCase(
        "no-draft",
        127,
        (PNEUMOTHORAX,),
        "",
        "A right pneumothorax and no draft: URGENT, nothing to compare, no score.",
    ),
    DemoCase(
        "unreadable-draft",
        105,
        (EFFUSION,),
        "Rechtsseitiger Pleuraerguss. Kein Pneumothorax. Herzgröße im Normbereich.",
        "A right effusion that the draft reports in German, unread: image findings only, no score.",
    ),
)
