"""What is told of the invented patients. Every name says that it is an example."""

from collections.abc import Callable
from dataclasses import dataclass

from app.demo import papers
from app.demo.people import CITY
from app.records.models import Category


@dataclass(frozen=True)
class Paper:
    """One picture among a patient's records."""

    title: str
    category: Category
    draw: Callable[[], bytes]  # JPEG


CHEST = Paper("胸部正位片（示例）", Category.IMAGING, papers.chest)
ECG = Paper("心电图（示例）", Category.ECG, papers.electrocardiogram)
LAB = Paper("检验报告单（示例）", Category.LAB, papers.laboratory)


@dataclass(frozen=True)
class Story:
    """A patient and what the applicant asks. born: ISO day."""

    name: str
    sex: str
    born: str
    urgency: str
    department: str
    diagnosis: str
    code: str
    reason: str
    purpose: str
    summary: str
    papers: tuple[Paper, ...] = ()
    hospital: str = CITY


DRAFT = Story(
    "示例患者甲", "female", "1962-05-18", "routine", "心内科", "高血压病 3 级，很高危", "I10",
    "三种降压药足量联用六周，诊室血压仍在 160/100 mmHg 上下。",
    "排查继发性高血压，调整降压方案。",
    "",
)  # fmt: skip
DIRECTOR = Story(
    "示例患者乙", "male", "1957-11-02", "routine", "心内科", "阵发性心房颤动", "I48.0",
    "近三个月反复心悸，本院无动态心电图随访条件。",
    "评估卒中风险与抗凝指征，确定节律或心室率控制方案。",
    "患者近三个月反复心悸，每次持续 2 至 6 小时，可自行缓解。既往高血压病 10 年。"
    "查体：血压 138/84 mmHg，心率 78 次/分，律齐。心脏超声：左房前后径 42 mm，射血分数 61%。",
    (ECG,),
)  # fmt: skip
RETURNED = Story(
    "示例患者丙", "female", "1949-08-26", "routine", "心内科", "慢性心力衰竭急性加重", "I50.9",
    "利尿后仍有夜间阵发性呼吸困难，近一周体重增加 3 kg。",
    "明确心衰加重诱因，指导药物调整。",
    "患者活动后气促两年，一周前受凉后加重，夜间不能平卧。双下肢凹陷性水肿。"
    "胸片示心影增大、双肺淤血。现用呋塞米 20 mg 每日两次。",
    (CHEST,),
)  # fmt: skip
AFFAIRS = Story(
    "示例患者丁", "male", "1955-02-14", "urgent", "肿瘤科", "右肺上叶占位", "R91",
    "体检发现右肺上叶结节 22 mm，边缘毛刺，本院不能行经皮肺穿刺。",
    "判断良恶性，确定穿刺或手术路径。",
    "患者无咳嗽咯血，近两月体重下降 4 kg，吸烟 30 年。胸部 CT 示右肺上叶 22 mm 实性结节，"
    "可见毛刺与胸膜牵拉，纵隔未见明显肿大淋巴结。肿瘤标志物 CEA 8.1 ng/mL。",
    (CHEST, LAB),
    "松岭市肿瘤医院",
)  # fmt: skip
PARTNER = Story(
    "示例患者戊", "male", "1968-07-30", "urgent", "心内科", "急性心肌梗死？", "I21.9",
    "胸痛四小时，肌钙蛋白进行性升高，本院无急诊造影条件。",
    "明确诊断，决定就地溶栓或转运介入。",
    "患者四小时前劳累后突发胸骨后压榨样疼痛，伴大汗，含服硝酸甘油不缓解。"
    "血压 112/70 mmHg，心率 96 次/分。心电图示 V1–V4 导联 ST 段抬高 0.2 mV。"
    "高敏肌钙蛋白 I 由 0.08 升至 1.42 ng/mL。已嚼服阿司匹林 300 mg、替格瑞洛 180 mg。",
    (ECG, LAB),
)  # fmt: skip
SCHEDULE = Story(
    "示例患者己", "female", "1971-12-09", "critical", "心内科", "暴发性心肌炎？", "I40.9",
    "发热三天后出现低血压与传导阻滞，病情进展快。",
    "指导循环支持与免疫治疗，评估机械循环支持转运时机。",
    "患者三天前发热、乏力，今晨晕厥一次。血压 84/52 mmHg，心率 48 次/分，三度房室传导阻滞。"
    "心脏超声：弥漫性室壁运动减低，射血分数 32%。已置临时起搏器，多巴胺 8 μg/kg/min 维持。",
)  # fmt: skip
SESSION = Story(
    "示例患者庚", "male", "1960-03-21", "urgent", "心内科", "主动脉瓣重度狭窄", "I35.0",
    "活动后晕厥两次，高龄合并慢阻肺，手术方式难以决定。",
    "评估经导管主动脉瓣置换指征与围术期风险。",
    "患者半年来活动后胸闷，近一月活动中晕厥两次。胸骨右缘第二肋间可闻及 4/6 级收缩期杂音。"
    "心脏超声：主动脉瓣口面积 0.7 cm²，平均跨瓣压差 52 mmHg，射血分数 54%。"
    "肺功能：FEV1 占预计值 58%。",
    (CHEST, ECG),
)  # fmt: skip
OPINIONS = Story(
    "示例患者辛", "female", "1953-09-05", "routine", "心内科", "肥厚型心肌病", "I42.1",
    "流出道压差升高，β 受体阻滞剂加量后仍有劳力性胸闷。",
    "评估室间隔减容指征与猝死风险。",
    "患者劳力性胸闷三年，加重两月。心脏超声：室间隔厚 21 mm，静息流出道压差 58 mmHg。"
    "动态心电图见非持续性室速一次，6 跳。美托洛尔缓释片已加至 95 mg。",
)  # fmt: skip
SIGNATURE = Story(
    "示例患者壬", "male", "1964-01-17", "routine", "心内科", "冠状动脉三支病变", "I25.1",
    "造影示三支病变，患者拒绝开胸，血运重建方式待定。",
    "比较介入与搭桥，制定血运重建方案。",
    "患者劳力性心绞痛一年，CCS III 级。外院造影：前降支近段 90%、回旋支 80%、右冠中段 85%。"
    "SYNTAX 评分 24。糖尿病 8 年，糖化血红蛋白 7.4%。",
)  # fmt: skip
ACCEPTANCE = Story(
    "示例患者癸", "female", "1958-06-11", "routine", "心内科", "不稳定型心绞痛", "I20.0",
    "静息胸痛反复发作，双联抗血小板后仍有发作。",
    "明确危险分层，确定造影时机与抗栓方案。",
    "患者一周内静息胸痛发作四次，每次 5 至 10 分钟。心电图示 V4–V6 导联 ST 段压低 0.1 mV，"
    "肌钙蛋白阴性。GRACE 评分 118。现用阿司匹林、氯吡格雷、阿托伐他汀、美托洛尔。",
)  # fmt: skip
FOLLOW_UP = Story(
    "示例患者子", "male", "1946-10-28", "routine", "心内科", "扩张型心肌病", "I42.0",
    "射血分数持续低于 35%，药物优化三个月未见改善。",
    "评估植入式除颤器与再同步治疗指征。",
    "患者活动耐量下降两年，NYHA III 级。射血分数 29%，左室舒张末径 68 mm，"
    "QRS 时限 158 ms，左束支传导阻滞。沙库巴曲缬沙坦、比索洛尔、螺内酯、达格列净已足量三个月。",
)  # fmt: skip
REFUSED = Story(
    "示例患者丑", "female", "1980-04-03", "routine", "神经内科", "偏头痛", "G43.9",
    "头痛反复发作五年，近期发作频繁。",
    "明确诊断，指导预防用药。",
    "患者五年来反复右侧搏动性头痛，伴畏光、恶心，每月 2 至 3 次，每次持续一天。"
    "神经系统查体未见异常。未行头颅影像检查，未系统用药。",
    (),
    "岚州大学附属医院",
)  # fmt: skip

FIRST_OPINION = {
    "analysis": "症状、心电图与超声表现一致，病因明确，目前血流动力学稳定。",
    "diagnosis": "同意邀请方诊断，属高危。",
    "plan": "一、继续目前药物，监测电解质与肾功能。\n二、两周内完成进一步评估。\n"
    "三、出现晕厥、持续胸痛或低血压时立即转诊。",
    "track": True,
}
SECOND_OPINION = {
    "analysis": "同意首席专家的分析。需要注意合并症对治疗选择的影响。",
    "diagnosis": "同前。建议补充心脏磁共振评估心肌纤维化。",
    "plan": "药物治疗同前；完善检查后多学科讨论介入时机。",
    "track": False,
}
REPORT = {
    "analysis": "结合病史、心电图、心脏超声与化验结果，诊断依据充分。患者目前生命体征平稳，"
    "危险分层为高危，具备进一步干预的指征。",
    "diagnosis": "同意邀请方初步诊断，危险分层：高危。",
    "plan": "一、药物：维持现有方案，一周后复查肾功能与血钾。\n"
    "二、检查：两周内到协作医院完成进一步评估。\n"
    "三、随访：由邀请方每周电话随访，出现晕厥、胸痛加重或气促时立即联系。",
    "dissent": "一位专家建议先完成心脏磁共振，再决定介入时机。",
}
