"""Words that `inference.scrubbing` needs: months, and capitalised words that are nobody's name."""

MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December|"
    "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec"
)

_NOT_NAMES = """
a an and any the this that these those there no not none nothing if in on at of for from to with
without by or but as is are was were be been has have had would can could might should i we he
she it they his her their its my our your who which patient patients name clinical clinician
clinicians physician physicians doctor doctors nurse nurses provider providers radiologist
radiologists resident attending referring ordering team staff service services department
emergency intensive care unit room icu ed er nicu picu ward floor surgery surgical medicine
medical oncology cardiology pulmonary pulmonology thoracic hospital hospitals clinic outside
local university general family primary chest thorax lung lungs lobe lobes heart cardiac aorta
aortic mediastinum mediastinal hilum hilar pleura pleural rib ribs spine clavicle diaphragm bone
bones osseous soft tissue tissues abdomen right left upper lower middle bilateral lateral
frontal apical basal base bases apex portable supine upright erect semi pa ap view views image
images imaging film films study studies exam examination radiograph radiographs radiography
x-ray xray xrays ct mri mr pet scan dr cr dx ultrasound echo echocardiogram fluoroscopy digital
comparison technique indication history findings finding impression conclusion report reports
addendum recommendation recommendations recommend recommended follow follow-up followup
correlate correlation compare compared prior previous stable unchanged interval new normal
abnormal negative positive mild moderate severe small large minimal slight marked increased
decreased improved worsening acute chronic effusion effusions pneumothorax pneumonia
consolidation opacity opacities atelectasis edema oedema nodule nodules mass masses cardiomegaly
emphysema fibrosis granuloma infiltrate infiltrates line lines tube tubes catheter port
pacemaker picc ett central venous device devices tip please see per via given due since status
post s/p rule out evaluate evaluation assess unknown unremarkable clear rotated reported
reviewed signed electronically final preliminary dictated verified approved critical result
results urgent stat date time phone pager number id mrn dob age sex male female year years old
am pm today yesterday monday tuesday wednesday thursday friday saturday sunday hiatal dobhoff
dobbhoff hickman broviac groshong permcath mediport port-a-cath bioprosthetic medtronic
lung-rads birads rads tnm acr rsna hipaa covid covid-19 sars-cov-2 tb hiv copd chf ards
mycobacterium avium pneumocystis jirovecii aspergillus staphylococcus streptococcus klebsiella
swan ganz kerley chiari one two three four five six fellow np pa-c rn md do admit comments colon
cancer degenerative t-spine l-spine c-spine probable possible information procedure procedures
note notes reason complaint chief present illness silhouette cardiomediastinal costophrenic
sulcus sulci angle angles zone zones vascular vasculature pulmonic congestion congestive failure
bronchus trachea tracheal carina endotracheal nasogastric orogastric feeding enteric sternotomy
wires clips valve mitral artery arteries vein veins vena cava superior inferior anterior
posterior medial atrium ventricle ventricular aneurysm dissection hernia hemidiaphragm
thickening scarring calcified calcification airspace interstitial disease process focal diffuse
multiple single perihilar retrocardiac shoulder humerus scapula sternum vertebral thoracolumbar
fracture fractures dislocation osteopenia spondylosis scoliosis kyphosis arthritis bronchitis
asthma tuberculosis sarcoidosis carcinoma metastasis metastatic lymphoma malignancy neoplasm
tumor lesion lesions pain shortness breath dyspnea cough fever trauma screening preoperative
postoperative additional limited complete standard routine quality inspiration expiration deep
poor good adequate special thank you regards sincerely dear blood pressure oxygen saturation
"""

NOT_NAMES = frozenset(_NOT_NAMES.split())
