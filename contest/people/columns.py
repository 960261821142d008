"""The columns of the two lists that are sent in: the roster and the judges."""

from dataclasses import replace

from contest.i18n import N_
from contest.people.rules import EMPLOYMENTS, GENDERS, SKILL_LEVELS
from contest.people.tables import Column

GENDER_NAMES = {"female": ("女", "女性", "f"), "male": ("男", "男性", "m")}
SKILL_LEVEL_NAMES = {
    "apprentice": ("学徒工",),
    "junior": ("初级工", "五级", "五级工", "五级/初级工", "初级工/五级", "初级"),
    "intermediate": ("中级工", "四级", "四级工", "四级/中级工", "中级工/四级", "中级"),
    "senior": ("高级工", "三级", "三级工", "三级/高级工", "高级工/三级", "高级"),
    "technician": ("技师", "二级", "二级/技师", "技师/二级"),
    "senior_technician": ("高级技师", "一级", "一级/高级技师", "高级技师/一级"),
    "special_technician": ("特级技师",),
    "chief_technician": ("首席技师",),
}
EMPLOYMENT_NAMES = {
    "employee": ("在职职工", "职工", "正式职工", "合同制", "企业职工", "在职", "正式"),
    "agency": ("劳务派遣", "派遣", "劳务"),
    "flexible": ("灵活就业", "新就业形态", "灵活就业人员", "零工"),
    "teacher": ("教师",),
    "student": ("学生",),
    "other": ("其他", "其它"),
}

NAME = Column(
    "name",
    N_("Name"),
    ("姓名", "选手姓名", "参赛选手", "选手", "参赛者", "name", "contestant", "full name"),
    kind="name",
    required=True,
    most=60,
)
ORGANISATION = Column(
    "organisation",
    N_("Organisation"),
    (
        "单位",
        "单位名称",
        "所在单位",
        "工作单位",
        "参赛单位",
        "企业",
        "企业名称",
        "学校",
        "organisation",
        "organization",
        "company",
        "unit",
    ),
    required=True,
    most=100,
)
ROSTER = (
    ORGANISATION,
    Column(
        "team",
        N_("Team"),
        ("代表队", "队名", "参赛队", "队伍", "团队", "代表队名称", "team"),
        most=100,
    ),
    NAME,
    Column(
        "gender",
        N_("Gender"),
        ("性别", "gender", "sex"),
        kind="choice",
        choices={key: (*GENDER_NAMES[key], GENDERS[key]) for key in GENDERS},
    ),
    Column(
        "born_on",
        N_("Date of birth"),
        ("出生日期", "出生年月日", "生日", "born on", "birth date", "date of birth", "birthday"),
        kind="date",
    ),
    Column("group", N_("Group"), ("组别", "参赛组别", "参赛组", "group"), most=50),
    Column(
        "trade",
        N_("Trade"),
        ("工种", "职业", "职业工种", "参赛工种", "岗位", "trade", "occupation"),
        most=50,
    ),
    Column(
        "skill_level",
        N_("Skill level"),
        ("技能等级", "职业技能等级", "等级", "职业资格等级", "skill level", "level"),
        kind="choice",
        choices={key: (*SKILL_LEVEL_NAMES[key], SKILL_LEVELS[key]) for key in SKILL_LEVELS},
    ),
    Column(
        "employment",
        N_("Employment"),
        ("用工形式", "职工身份", "身份", "人员类别", "employment"),
        kind="choice",
        choices={key: (*EMPLOYMENT_NAMES[key], EMPLOYMENTS[key]) for key in EMPLOYMENTS},
    ),
    Column("room", N_("Room"), ("考场", "赛场", "场地", "房间", "room"), most=50),
    Column(
        "titles",
        N_("Titles held"),
        ("已获称号", "已有称号", "荣誉称号", "称号", "titles held", "titles"),
        kind="list",
        most=50,
    ),
    Column(
        "number",
        N_("Entry number"),
        ("参赛号", "参赛编号", "准考证号", "编号", "选手编号", "entry number", "number"),
        most=20,
    ),
)
# Read from a list that has it, asked for by none: neither in the template nor in a file of entrants.
ID_NUMBER = Column(
    "id_number",
    N_("Identity number"),
    (
        "身份证号", "身份证号码", "身份证", "居民身份证号", "居民身份证号码", "公民身份号码", "证件号码",
        "证件号", "identity number", "id number",
    ),
    kind="identity",
)
# Asked for by the template, and kept apart from the entry: in no list and no file of entrants.
PHONE = Column(
    "phone",
    N_("Telephone number"),
    (
        "手机号", "手机号码", "手机", "联系手机", "移动电话", "联系电话", "电话", "电话号码", "本人电话",
        "phone", "phone number", "telephone", "telephone number", "mobile", "mobile number",
    ),
    kind="phone",
)
# A unit sends only its own people, so the column may be left out; rooms are the organiser's affair.
UNIT_ROSTER = (
    replace(ORGANISATION, required=False),
    *(column for column in ROSTER[1:] if column.key not in {"room", "number"}),
)
JUDGES = (
    replace(NAME, headers=("姓名", "裁判姓名", "裁判", "裁判员", "name", "judge")),
    replace(ORGANISATION, required=False),
    Column(
        "specialities",
        N_("Specialities"),
        ("专长", "专业", "执裁项目", "裁判专长", "专业特长", "specialities", "speciality", "field"),
        kind="list",
        most=50,
    ),
    Column(
        "login", N_("Login"), ("账号", "登录名", "用户名", "登录账号", "login", "account"), most=40
    ),
)
