"""An invented alliance with its people."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from app.accounts import actions as accounts
from app.accounts import queries
from app.accounts.demo import BAR
from app.accounts.models import Person, RoleAssignment, Standing, Title
from app.accounts.passwords import hash_password
from app.db import db, now, transactional
from app.organisations.models import Alliance, Campus, Department, Hospital, Level
from app.permissions import ALLIANCE_ROLES, Role

PASSWORD = "huizhen-demo-2026"  # noqa: S105 - demo mode only; printed for whoever tries it
ALLIANCE = "青云远程医疗联盟"
COUNTY, CITY = "青山县人民医院", "云溪市第一医院"

# name, level, region code (99 is no province of GB/T 2260), may be invited
HOSPITALS = (
    (CITY, Level.TERTIARY_A, "990101", True),
    ("云溪市中心医院", Level.TERTIARY_A, "990102", True),
    ("岚州大学附属医院", Level.TERTIARY_A, "990201", True),
    ("岚州市人民医院", Level.TERTIARY_B, "990202", True),
    ("望江市第一人民医院", Level.TERTIARY_A, "990301", True),
    ("白鹭市中医院", Level.TERTIARY_B, "990401", True),
    ("松岭市肿瘤医院", Level.TERTIARY_A, "990501", True),
    ("星河市儿童医院", Level.TERTIARY_A, "990601", True),
    ("海棠市心血管病医院", Level.TERTIARY_A, "990701", True),
    ("石泉市第二医院", Level.TERTIARY_B, "990801", True),
    (COUNTY, Level.SECONDARY_A, "990121", False),
    ("临水县人民医院", Level.SECONDARY_A, "990122", False),
    ("梅溪县中医院", Level.SECONDARY_B, "990321", False),
    ("古桥镇卫生院", Level.TOWNSHIP, "990123", False),
)
CITY_WARDS = ("心内科", "神经内科", "呼吸内科", "肿瘤科", "儿科", "普外科", "影像科", "医务科")
COUNTY_WARDS = ("内科", "外科", "儿科", "妇产科", "医务科")
CAMPUSES = {CITY: ("本部院区", "东院区"), "岚州大学附属医院": ("南校区", "北校区")}


@dataclass(frozen=True)
class Invented:
    """One invented person."""

    login: str
    name: str
    hospital: str
    ward: str
    title: Title
    specialty: str
    roles: tuple[Role, ...]


CHIEF, ASSOCIATE, ATTENDING = Title.CHIEF, Title.ASSOCIATE_CHIEF, Title.ATTENDING
RESIDENT, OTHER = Title.RESIDENT, Title.OTHER
PEOPLE = (
    Invented("liwen", "李文", COUNTY, "内科", ATTENDING, "心血管内科常见病", (Role.APPLICANT,)),
    Invented(
        "chen.zhuren", "陈主任", COUNTY, "内科", ASSOCIATE, "内科", (Role.DEPARTMENT_DIRECTOR,)
    ),
    Invented("zhao.yiwu", "赵敏", COUNTY, "医务科", OTHER, "", (Role.MEDICAL_AFFAIRS,)),
    Invented("qian.yiwu", "钱宁", CITY, "医务科", OTHER, "", (Role.MEDICAL_AFFAIRS,)),
    Invented("sun.fenzhen", "孙静", CITY, "医务科", OTHER, "", (Role.TRIAGE_COORDINATOR,)),
    Invented("zhou.zhuanjia", "周岩", CITY, "心内科", CHIEF, "冠心病介入", (Role.EXPERT,)),
    Invented("wu.zhuanjia", "吴桐", CITY, "心内科", CHIEF, "心力衰竭与心肌病", (Role.EXPERT,)),
    Invented("zheng.suifang", "郑洁", COUNTY, "医务科", OTHER, "", (Role.FOLLOW_UP_STAFF,)),
    Invented("feng.guanli", "冯涛", COUNTY, "医务科", OTHER, "", (Role.HOSPITAL_ADMINISTRATOR,)),
    Invented("wei.liucheng", "魏然", CITY, "医务科", OTHER, "", (Role.PROCESS_MANAGER,)),
    Invented("tao.liucheng", "陶然", CITY, "医务科", OTHER, "", (Role.PROCESS_MANAGER,)),
    Invented("jiang.pingtai", "蒋平", CITY, "医务科", OTHER, "", (Role.PLATFORM_ADMINISTRATOR,)),
    Invented("shen.shenji", "沈诚", CITY, "医务科", OTHER, "", (Role.AUDITOR,)),
    Invented("han.guanli", "韩梅", CITY, "医务科", OTHER, "", (Role.HOSPITAL_ADMINISTRATOR,)),
    Invented(
        "yang.zhuren",
        "杨帆",
        CITY,
        "心内科",
        CHIEF,
        "心律失常",
        (Role.DEPARTMENT_DIRECTOR, Role.EXPERT),
    ),
    Invented("zhu.zhuanjia", "朱琳", CITY, "神经内科", ASSOCIATE, "脑血管病", (Role.EXPERT,)),
    Invented("qin.zhuanjia", "秦川", CITY, "呼吸内科", CHIEF, "慢阻肺与哮喘", (Role.EXPERT,)),
    Invented("xu.zhuanjia", "许可", "云溪市中心医院", "普外科", CHIEF, "肝胆外科", (Role.EXPERT,)),
    Invented("he.zhuanjia", "何苗", "岚州大学附属医院", "神经内科", CHIEF, "癫痫", (Role.EXPERT,)),
    Invented("lv.zhuanjia", "吕航", "松岭市肿瘤医院", "肿瘤科", CHIEF, "肺癌", (Role.EXPERT,)),
    Invented("shi.zhuanjia", "施雨", "星河市儿童医院", "儿科", CHIEF, "新生儿", (Role.EXPERT,)),
    Invented(
        "zhang.zhuanjia",
        "张弛",
        "海棠市心血管病医院",
        "心内科",
        CHIEF,
        "结构性心脏病",
        (Role.EXPERT,),
    ),
    Invented("kong.yiwu", "孔亮", "岚州大学附属医院", "医务科", OTHER, "", (Role.MEDICAL_AFFAIRS,)),
    Invented("cao.yiwu", "曹阳", "松岭市肿瘤医院", "医务科", OTHER, "", (Role.MEDICAL_AFFAIRS,)),
    Invented("yan.yisheng", "严冬", COUNTY, "外科", RESIDENT, "普通外科", (Role.APPLICANT,)),
    Invented("hua.yisheng", "华晨", "临水县人民医院", "内科", ATTENDING, "内科", (Role.APPLICANT,)),
    Invented(
        "jin.zhuren",
        "金波",
        "临水县人民医院",
        "内科",
        ASSOCIATE,
        "内科",
        (Role.DEPARTMENT_DIRECTOR, Role.MEDICAL_AFFAIRS),
    ),
)
NEWCOMER = "wei.xin"


def create() -> list[Person]:
    """Make what is missing; the demo people in the order of PEOPLE."""
    _organisations()
    people = _people()
    _newcomer()
    return people


def sign_ins() -> str:
    """A table of the demo people of the bar, to print."""
    rows = [("登录名", "姓名", "角色", "医院")]
    by_login = {person.login: person for person in PEOPLE}
    rows += [
        (login, by_login[login].name, str(role), by_login[login].hospital)
        for login, role in BAR.items()
    ]
    lines = ["  ".join(_wide(cell, 16) for cell in row).rstrip() for row in rows]
    return "\n".join([*lines, "", f"密码都是  {PASSWORD}"])


def _wide(text: str, columns: int) -> str:
    """Padded to columns of a terminal, where a Chinese character takes two."""
    return text + " " * (columns - sum(2 if ord(letter) > 0x2E80 else 1 for letter in text))


@transactional
def _organisations() -> None:
    alliance = db.session.scalar(select(Alliance).filter_by(name=ALLIANCE))
    if alliance is None:
        alliance = Alliance(name=ALLIANCE)
        db.session.add(alliance)
    known = {hospital.name for hospital in db.session.scalars(select(Hospital))}
    for number, (name, level, region, is_invited) in enumerate(HOSPITALS, 1):
        if name not in known:
            hospital = Hospital(
                alliance=alliance,
                name=name,
                level=level,
                region_code=region,
                can_be_invited=is_invited,
                address=f"示例路 {number} 号",
                phone=f"0990-55500{number:02d}",
                description="演示数据，并非真实机构。",
            )
            db.session.add(hospital)
            _wards(hospital, CITY_WARDS if is_invited else COUNTY_WARDS)


def _wards(hospital: Hospital, names: Iterable[str]) -> None:
    campuses = [Campus(hospital=hospital, name=name) for name in CAMPUSES.get(hospital.name, ())]
    for number, name in enumerate(names, 1):
        campus = campuses[number % len(campuses)] if campuses else None
        phone = f"{hospital.phone}-{number:02d}"
        db.session.add(Department(hospital=hospital, name=name, campus=campus, phone=phone))


@transactional
def _people() -> list[Person]:
    known = {person.login: person for person in db.session.scalars(select(Person))}
    hashed = hash_password(
        PASSWORD
    )  # once: it is slow on purpose, and the password is known anyway
    for number, invented in enumerate(PEOPLE, 1):
        if invented.login not in known:
            known[invented.login] = person = _person(invented, number, hashed)
            db.session.add(person)
    return [known[invented.login] for invented in PEOPLE]


def _person(invented: Invented, number: int, hashed: str) -> Person:
    hospital = db.session.scalars(select(Hospital).filter_by(name=invented.hospital)).one()
    ward = next(each for each in hospital.departments if each.name == invented.ward)
    person = Person(
        login=invented.login,
        name=invented.name,
        password_hash=hashed,
        standing=Standing.ACTIVE,
        hospital=hospital,
        department=ward,
        title=invented.title,
        specialty=invented.specialty,
        licence=f"9900000000{number:05d}",
        phone=f"199{number:08d}",
        created_at=now(),
    )
    for role in invented.roles:
        everywhere = role in ALLIANCE_ROLES
        assignment = RoleAssignment(
            role=role,
            hospital=None if everywhere else hospital,
            department=ward if role is Role.DEPARTMENT_DIRECTOR else None,
            granted_at=now(),
        )
        person.roles.append(assignment)
    return person


def _newcomer() -> None:
    """Somebody who has just registered, for the administrator to review."""
    if queries.is_login_taken(NEWCOMER):
        return
    home = db.session.scalars(select(Hospital).filter_by(name=COUNTY)).one()
    ward = next(each for each in home.departments if each.name == "儿科")
    accounts.register(
        {
            "login": NEWCOMER,
            "password": PASSWORD,
            "name": "卫新",
            "phone": "19900000999",
            "email": None,
            "hospital_id": home.id,
            "department_id": ward.id,
            "title": Title.RESIDENT,
            "specialty": "儿童呼吸",
            "licence": "990000000099999",
        }
    )
