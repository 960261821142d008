"""member services: cases with their history, entitlements, memberships, stations, slots, registers

Each application becomes a case: its receipt code goes on to open it.
"""

import json
from hashlib import sha256
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

from contest import working_days
from contest.audit.models import replace_guard
from contest.db import Moment

revision = '0026_member_services'
down_revision = '0025_certificates'
branch_labels = None
depends_on = None

# The three entries of the release before, as this one reads a service: cases keep what they began with.
OLD = (
    {
        'key': 'skill_allowance', 'kind': 'skills', 'scenario': 'S19',
        'name': '技能津贴', 'name_en': 'Skill allowance',
        'summary': '随技能等级或称号按月发放的津贴，自公布次月起计发。',
        'summary_en': 'A monthly allowance that follows a skill level or a title, from the month after it is published.',
        'worth': '每月 500–6,000 元，按等级', 'worth_en': '500 to 6,000 yuan a month, by level',
        'authority': '市总工会权益保障部', 'authority_en': 'City union, rights and benefits office',
        'channels': ['online', 'station'],
        'entitled': {'titles': True, 'levels': [{'level': one} for one in ('技术能手', '工匠', '技师', '高级技师')]},
        'steps': [
            {'key': 'step_1', 'name': '受理并核对荣誉', 'name_en': 'Accepted, honour checked', 'days': 2},
            {'key': 'step_2', 'name': '单位确认在岗', 'name_en': 'Employer confirms employment', 'days': 5},
            {'key': 'step_3', 'name': '审批并通知发放', 'name_en': 'Approved, payment announced', 'days': 5},
        ],
        'fields': [
            {'key': 'unit', 'name': '现工作单位', 'name_en': 'Present employer', 'most': 80},
            {'key': 'since', 'name': '在本岗位起始年月', 'name_en': 'In this post since (year and month)', 'kind': 'month'},
        ],
    },
    {
        'key': 'green_lane', 'kind': 'visits', 'scenario': 'S13',
        'name': '绿色通道与上门办', 'name_en': 'Green lane and help at the door',
        'summary': '工会服务优先办理；行动不便者由代办员上门办理。',
        'summary_en': 'Union services are handled first; an agent comes to the door of those who cannot travel.',
        'worth': '61 项服务优先办理，可上门', 'worth_en': '61 services, handled first, at the door where needed',
        'authority': '工会服务中心', 'authority_en': 'Union service centre', 'channels': ['online', 'phone', 'door'],
        'entitled': {'titles': True, 'best_place': 3},
        'steps': [
            {'key': 'step_1', 'name': '首问受理', 'name_en': 'Taken by the first officer asked', 'days': 1},
            {'key': 'step_2', 'name': '代办员联系', 'name_en': 'Agent gets in touch', 'days': 1},
            {'key': 'step_3', 'name': '办结并回访', 'name_en': 'Done, and asked how it went', 'days': 5},
        ],
        'fields': [
            {'key': 'matter', 'name': '需要办理的事项', 'name_en': 'What is to be done', 'most': 200},
            {'key': 'address', 'name': '上门地址（选填）', 'name_en': 'Address for a visit (optional)', 'most': 120, 'optional': True},
        ],
    },
    {
        'key': 'training_course', 'kind': 'skills', 'scenario': 'S17',
        'name': '高级研修与名师课堂', 'name_en': "Advanced courses and masters' lectures",
        'summary': '技能培训课程优先报名；获奖选手可受聘为兼职教师。',
        'summary_en': 'First call on places in skills courses; winners may be engaged as part-time teachers.',
        'worth': '课程免费，食宿由工会承担', 'worth_en': 'Free of charge, board and lodging paid by the union',
        'authority': '市总工会职工大学', 'authority_en': "City union, workers' college", 'channels': ['online'],
        'entitled': {'titles': True, 'best_place': 30},
        'steps': [
            {'key': 'step_1', 'name': '登记报名', 'name_en': 'Enrolled', 'days': 2},
            {'key': 'step_2', 'name': '分配班次', 'name_en': 'Placed in a course', 'days': 10},
            {'key': 'step_3', 'name': '结业并发证', 'name_en': 'Completed, certificate issued', 'days': 30},
        ],
        'fields': [{'key': 'course', 'name': '希望参加的课程或工种', 'name_en': 'Course or trade wanted', 'most': 80}],
    },
)
# As the old states are called now; and the way back.
STATES = {'applied': 'applied', 'accepted': 'accepted', 'declined': 'refused', 'done': 'done'}
BACK = {'applied': 'applied', 'returned': 'applied', 'accepted': 'accepted', 'decided': 'accepted',
        'done': 'done', 'feedback': 'done', 'closed': 'done', 'withdrawn': 'declined', 'refused': 'declined'}
APPEND_ONLY = {
    'attendance': [('id',), ('case_id', 'slot_id', 'session')], 'case_event': [('id',)],
    'entitlement_event': [('id',)], 'item_event': [('id',)], 'joining_goal': [('id',)],
    'service_setting': [('id',)], 'service_version': [('id',), ('key', 'number')], 'unit_budget': [('id',)],
}
TABLES = (
    'item_event', 'register_item', 'case_file', 'case_event', 'attendance', 'service_case',
    'entitlement_event', 'entitlement', 'standing_level', 'service_slot', 'membership', 'unit_budget',
    'service_version', 'service_station', 'service_setting', 'service_duty', 'joining_goal', 'item_register',
)
SHANGHAI = ZoneInfo('Asia/Shanghai')
json_type = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=Text()), 'postgresql')


def _table(name, *columns, **typed):
    return sa.table(name, *map(sa.column, columns), *(sa.column(key, kind) for key, kind in typed.items()))


application = _table(
    'application', 'id', 'service_key', 'receipt', 'honour_id', 'name', 'phone', 'words', 'state', 'answer',
    'answered_by_id', answers=json_type, at=Moment(), answered_at=Moment(),
)
case = _table(
    'service_case', 'id', 'revision', 'service_key', 'version_id', 'receipt', 'human_id', 'honour_id', 'name',
    'phone', 'words', 'channel', 'agent', 'state', 'step_key', 'is_first', 'answer', 'times_late',
    answers=json_type, at=Moment(), step_at=Moment(), due_at=Moment(), done_at=Moment(), over_at=Moment(),
)
event = _table(
    'case_event', 'id', 'case_id', 'who', 'user_id', 'kind', 'was', 'now', 'step_key', 'words', 'is_inner',
    'is_late', at=Moment(), facts=json_type,
)
version = _table('service_version', 'id', 'key', 'number', 'source', 'document_hash', document=json_type, at=Moment())


def _make_append_only(name, keys):
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(
            f"CREATE TRIGGER {name}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {name} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    for act in ('UPDATE', 'DELETE'):
        op.execute(
            f"CREATE TRIGGER {name}_no_{act.lower()} BEFORE {act} ON {name} "
            f"BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
        )
    op.execute(replace_guard(name, [(key, '') for key in keys]))


def _guard_files():
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(
            "CREATE OR REPLACE FUNCTION keep_case_file() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "IF TG_OP = 'DELETE' OR NEW.content IS NOT NULL OR NEW.sha256 <> OLD.sha256 "
            "OR NEW.case_id <> OLD.case_id OR NEW.number <> OLD.number OR NEW.size <> OLD.size "
            "THEN RAISE EXCEPTION 'this table is append-only'; END IF; RETURN NEW; END $$"
        )
        op.execute("CREATE TRIGGER case_file_no_change BEFORE UPDATE OR DELETE ON case_file "
                   "FOR EACH ROW EXECUTE FUNCTION keep_case_file()")
        return
    op.execute("CREATE TRIGGER case_file_no_change BEFORE UPDATE ON case_file WHEN NEW.content IS NOT NULL "
               "OR NEW.sha256 <> OLD.sha256 OR NEW.case_id <> OLD.case_id OR NEW.number <> OLD.number "
               "OR NEW.size <> OLD.size BEGIN SELECT RAISE(ABORT, 'case_file is append-only'); END")
    op.execute("CREATE TRIGGER case_file_keeps BEFORE DELETE ON case_file "
               "BEGIN SELECT RAISE(ABORT, 'case_file is append-only'); END")


def _holders(bind):
    """{honour: (its holder's id, name)}."""
    rows = bind.execute(sa.text(
        'SELECT honour.id, human.id, human.name FROM honour '
        'JOIN craftsman ON craftsman.id = honour.craftsman_id JOIN human ON human.id = craftsman.human_id'
    ))
    return {honour: (human, name) for honour, human, name in rows}


def _due(document, number, since):
    days = document['steps'][number]['days']
    return working_days.end_of_working_days(working_days.shipped(), since, days, SHANGHAI)


def _move_applications():
    """Each application becomes a case with its history, on the entry it was made for."""
    bind = op.get_bind()
    rows = bind.execute(sa.select(application).order_by(application.c.id)).mappings().all()
    if not rows:
        return
    known, holders = {one['key']: one for one in OLD}, _holders(bind)
    names = dict(bind.execute(sa.text('SELECT id, name FROM user_account')).all())
    for number, key in enumerate(sorted({row['service_key'] for row in rows}), start=1):
        # An entry that never shipped is kept as the simplest one that can be read.
        document = known.setdefault(key, {**OLD[0], 'key': key, 'name': key, 'name_en': key, 'fields': []})
        text = json.dumps(document, sort_keys=True, ensure_ascii=False)
        bind.execute(version.insert().values(
            id=number, key=key, number=1, source='shipped', document=document,
            document_hash=sha256(text.encode()).hexdigest(), at=rows[0]['at'],
        ))
    versions = dict(bind.execute(sa.select(version.c.key, version.c.id)).all())
    for row in rows:
        _move_one(bind, row, known[row['service_key']], versions, holders, names)
    _set_sequences(bind)


def _move_one(bind, row, document, versions, holders, names):
    state, answered = STATES[row['state']], row['answered_at'] or row['at']
    step = {'applied': 0, 'accepted': 1}.get(state)
    human, holder = holders.get(row['honour_id'], (None, ''))
    same = ''.join(holder.split()) == ''.join(row['name'].split())
    began = row['at'] if step == 0 else answered
    bind.execute(case.insert().values(
        id=row['id'], revision=1, service_key=row['service_key'], version_id=versions[row['service_key']],
        receipt=row['receipt'], human_id=human if same else None, honour_id=row['honour_id'],
        name=row['name'], phone=row['phone'], words=row['words'], answers=row['answers'], channel='online',
        agent='', state=state, step_key='' if step is None else document['steps'][step]['key'],
        step_at=None if step is None else began, due_at=None if step is None else _due(document, step, began),
        is_first=False, answer=row['answer'], at=row['at'], times_late=0,
        done_at=answered if state == 'done' else None, over_at=answered if state == 'refused' else None,
    ))
    told = [('applied', '', 'applied', row['at'], 'public form', None, row['words'])]
    if state != 'applied':
        kind = state if state != 'accepted' else 'accepted'
        who = names.get(row['answered_by_id'], '–')
        told.append((kind, 'applied', state, answered, who, row['answered_by_id'], row['answer']))
    for kind, was, now, at, who, user_id, words in told:
        bind.execute(event.insert().values(
            case_id=row['id'], kind=kind, was=was, now=now, at=at, who=who, user_id=user_id, words=words,
            step_key='', is_inner=False, is_late=False, facts={},
        ))


def _set_sequences(bind):
    if bind.dialect.name == 'postgresql':
        for name in ('service_case', 'service_version'):
            bind.execute(sa.text(f"SELECT setval('{name}_id_seq', (SELECT max(id) FROM {name}))"))


def _move_back():
    bind = op.get_bind()
    answered = {}
    rows = bind.execute(sa.select(event).order_by(event.c.id)).mappings().all()
    for one in rows:
        if one['now'] and one['kind'] != 'applied' and not one['is_inner']:
            answered[one['case_id']] = (one['at'], one['user_id'])
    for row in bind.execute(sa.select(case).order_by(case.c.id)).mappings().all():
        at, by_id = answered.get(row['id'], (None, None))
        bind.execute(application.insert().values(
            id=row['id'], service_key=row['service_key'], receipt=row['receipt'], honour_id=row['honour_id'],
            name=row['name'], phone=row['phone'], words=row['words'], answers=row['answers'],
            state=BACK[row['state']], answer=row['answer'], at=row['at'], answered_at=at, answered_by_id=by_id,
        ))
    if bind.dialect.name == 'postgresql':
        bind.execute(sa.text("SELECT setval('application_id_seq', COALESCE((SELECT max(id) FROM application), 1))"))


def upgrade():
    _make_tables()
    _move_applications()
    for name, keys in APPEND_ONLY.items():
        _make_append_only(name, keys)
    _guard_files()
    with op.batch_alter_table('application', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_application_service_key'))
    op.drop_table('application')


def downgrade():
    op.create_table(
        'application',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('service_key', sa.String(), nullable=False),
        sa.Column('receipt', sa.String(), nullable=False),
        sa.Column('honour_id', sa.Integer(), nullable=True),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('phone', sa.String(), nullable=False),
        sa.Column('words', sa.String(), nullable=False),
        sa.Column('answers', json_type, nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('answer', sa.String(), nullable=False),
        sa.Column('at', Moment(timezone=True), nullable=False),
        sa.Column('answered_at', Moment(timezone=True), nullable=True),
        sa.Column('answered_by_id', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['answered_by_id'], ['user_account.id'], name=op.f('fk_application_answered_by_id')),
        sa.ForeignKeyConstraint(['honour_id'], ['honour.id'], name=op.f('fk_application_honour_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_application')),
        sa.UniqueConstraint('receipt', name=op.f('uq_application_receipt')),
    )
    with op.batch_alter_table('application', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_application_service_key'), ['service_key'], unique=False)
    _move_back()
    for name in TABLES:
        op.drop_table(name)
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('DROP FUNCTION keep_case_file()')


def _make_tables():
    op.create_table('item_register',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('service_key', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('head_id', sa.Integer(), nullable=True),
    sa.Column('officers', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('speakers', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('opened_on', sa.Date(), nullable=False),
    sa.Column('meets_on', sa.Date(), nullable=True),
    sa.Column('closed_at', Moment(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['head_id'], ['user_account.id'], name=op.f('fk_item_register_head_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_item_register_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_item_register'))
    )
    with op.batch_alter_table('item_register', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_item_register_service_key'), ['service_key'], unique=False)

    op.create_table('joining_goal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('workers', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_joining_goal_by_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_joining_goal_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_joining_goal'))
    )
    with op.batch_alter_table('joining_goal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_joining_goal_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('service_duty',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('duty', sa.String(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.Column('ended_at', Moment(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_service_duty_by_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_service_duty_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_service_duty'))
    )
    with op.batch_alter_table('service_duty', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_service_duty_duty'), ['duty'], unique=False)
        batch_op.create_index(batch_op.f('ix_service_duty_user_id'), ['user_id'], unique=False)

    op.create_table('service_setting',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('region', sa.String(), nullable=False),
    sa.Column('value', sa.BigInteger(), nullable=False),
    sa.Column('since', Moment(timezone=True), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_service_setting_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_service_setting'))
    )
    with op.batch_alter_table('service_setting', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_service_setting_name'), ['name'], unique=False)

    op.create_table('service_station',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('district', sa.String(), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('latitude', sa.Integer(), nullable=True),
    sa.Column('longitude', sa.Integer(), nullable=True),
    sa.Column('hours', sa.String(), nullable=False),
    sa.Column('equipment', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('keeper', sa.String(), nullable=False),
    sa.Column('keeper_id', sa.Integer(), nullable=True),
    sa.Column('phone', sa.String(), nullable=False),
    sa.Column('is_open', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['keeper_id'], ['user_account.id'], name=op.f('fk_service_station_keeper_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_service_station')),
    sa.UniqueConstraint('district', 'name', name=op.f('uq_service_station_district_name'))
    )
    with op.batch_alter_table('service_station', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_service_station_district'), ['district'], unique=False)

    op.create_table('service_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('document', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('document_hash', sa.String(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_service_version_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_service_version')),
    sa.UniqueConstraint('key', 'number', name=op.f('uq_service_version_key_number'))
    )
    op.create_table('unit_budget',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('service_key', sa.String(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('total', sa.BigInteger(), nullable=False),
    sa.Column('for_members', sa.BigInteger(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_unit_budget_by_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_unit_budget_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit_budget'))
    )
    with op.batch_alter_table('unit_budget', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_unit_budget_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('membership',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('human_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(), nullable=True),
    sa.Column('since', sa.Date(), nullable=True),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('pack_given_at', Moment(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['human_id'], ['human.id'], name=op.f('fk_membership_human_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_membership_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_membership')),
    sa.UniqueConstraint('number', name=op.f('uq_membership_number'))
    )
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_membership_human_id'), ['human_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_membership_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index('uq_membership_open', ['human_id'], unique=True, sqlite_where=sa.text("state <> 'ended'"), postgresql_where=sa.text("state <> 'ended'"))

    op.create_table('service_slot',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('service_key', sa.String(), nullable=False),
    sa.Column('station_id', sa.Integer(), nullable=True),
    sa.Column('occasion', sa.String(), nullable=False),
    sa.Column('topic', sa.String(), nullable=False),
    sa.Column('place', sa.String(), nullable=False),
    sa.Column('starts_at', Moment(timezone=True), nullable=False),
    sa.Column('ends_at', Moment(timezone=True), nullable=False),
    sa.Column('capacity', sa.Integer(), nullable=False),
    sa.Column('sessions', sa.Integer(), nullable=False),
    sa.Column('cancelled_at', Moment(timezone=True), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('capacity > 0 AND sessions > 0', name=op.f('ck_service_slot_sizes')),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_service_slot_by_id')),
    sa.ForeignKeyConstraint(['station_id'], ['service_station.id'], name=op.f('fk_service_slot_station_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_service_slot'))
    )
    with op.batch_alter_table('service_slot', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_service_slot_service_key'), ['service_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_service_slot_station_id'), ['station_id'], unique=False)

    op.create_table('standing_level',
    sa.Column('human_id', sa.Integer(), nullable=False),
    sa.Column('ladder', sa.String(), nullable=False),
    sa.Column('level', sa.String(), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['human_id'], ['human.id'], name=op.f('fk_standing_level_human_id')),
    sa.PrimaryKeyConstraint('human_id', 'ladder', name=op.f('pk_standing_level'))
    )
    op.create_table('entitlement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('human_id', sa.Integer(), nullable=False),
    sa.Column('service_key', sa.String(), nullable=False),
    sa.Column('ground', sa.String(), nullable=False),
    sa.Column('honour_id', sa.Integer(), nullable=True),
    sa.Column('membership_id', sa.Integer(), nullable=True),
    sa.Column('case_id', sa.Integer(), nullable=True),
    sa.Column('ladder', sa.String(), nullable=False),
    sa.Column('level', sa.String(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=True),
    sa.Column('aids', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=Text()), 'postgresql'), nullable=True),
    sa.Column('start_on', sa.Date(), nullable=False),
    sa.Column('end_on', sa.Date(), nullable=True),
    sa.Column('review_on', sa.Date(), nullable=True),
    sa.Column('authority', sa.String(), nullable=False),
    sa.Column('follows_id', sa.Integer(), nullable=True),
    sa.Column('opened_at', Moment(timezone=True), nullable=False),
    sa.Column('ended_at', Moment(timezone=True), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['follows_id'], ['entitlement.id'], name=op.f('fk_entitlement_follows_id')),
    sa.ForeignKeyConstraint(['honour_id'], ['honour.id'], name=op.f('fk_entitlement_honour_id')),
    sa.ForeignKeyConstraint(['human_id'], ['human.id'], name=op.f('fk_entitlement_human_id')),
    sa.ForeignKeyConstraint(['membership_id'], ['membership.id'], name=op.f('fk_entitlement_membership_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_entitlement'))
    )
    with op.batch_alter_table('entitlement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_entitlement_honour_id'), ['honour_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_entitlement_human_id'), ['human_id'], unique=False)
        batch_op.create_index('ix_entitlement_service_key_ended_at', ['service_key', 'ended_at'], unique=False)

    op.create_table('entitlement_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('entitlement_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('who', sa.String(), nullable=False),
    sa.Column('facts', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['entitlement_id'], ['entitlement.id'], name=op.f('fk_entitlement_event_entitlement_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_entitlement_event'))
    )
    with op.batch_alter_table('entitlement_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_entitlement_event_entitlement_id'), ['entitlement_id'], unique=False)

    op.create_table('service_case',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('service_key', sa.String(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('receipt', sa.String(), nullable=False),
    sa.Column('human_id', sa.Integer(), nullable=True),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('honour_id', sa.Integer(), nullable=True),
    sa.Column('entitlement_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('phone', sa.String(), nullable=False),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('answers', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('agent', sa.String(), nullable=False),
    sa.Column('station_id', sa.Integer(), nullable=True),
    sa.Column('slot_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('step_key', sa.String(), nullable=False),
    sa.Column('step_at', Moment(timezone=True), nullable=True),
    sa.Column('due_at', Moment(timezone=True), nullable=True),
    sa.Column('is_first', sa.Boolean(), nullable=False),
    sa.Column('assignee_id', sa.Integer(), nullable=True),
    sa.Column('amount', sa.BigInteger(), nullable=True),
    sa.Column('amount_parts', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=Text()), 'postgresql'), nullable=True),
    sa.Column('aids', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=Text()), 'postgresql'), nullable=True),
    sa.Column('answer', sa.String(), nullable=False),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.Column('decided_at', Moment(timezone=True), nullable=True),
    sa.Column('done_at', Moment(timezone=True), nullable=True),
    sa.Column('over_at', Moment(timezone=True), nullable=True),
    sa.Column('ended_at', Moment(timezone=True), nullable=True),
    sa.Column('scores', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=Text()), 'postgresql'), nullable=True),
    sa.Column('times_late', sa.Integer(), nullable=False),
    sa.Column('erased_at', Moment(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['assignee_id'], ['user_account.id'], name=op.f('fk_service_case_assignee_id')),
    sa.ForeignKeyConstraint(['entitlement_id'], ['entitlement.id'], name=op.f('fk_service_case_entitlement_id')),
    sa.ForeignKeyConstraint(['honour_id'], ['honour.id'], name=op.f('fk_service_case_honour_id')),
    sa.ForeignKeyConstraint(['human_id'], ['human.id'], name=op.f('fk_service_case_human_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_service_case_organisation_id')),
    sa.ForeignKeyConstraint(['slot_id'], ['service_slot.id'], name=op.f('fk_service_case_slot_id')),
    sa.ForeignKeyConstraint(['station_id'], ['service_station.id'], name=op.f('fk_service_case_station_id')),
    sa.ForeignKeyConstraint(['version_id'], ['service_version.id'], name=op.f('fk_service_case_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_service_case')),
    sa.UniqueConstraint('receipt', name=op.f('uq_service_case_receipt'))
    )
    with op.batch_alter_table('service_case', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_service_case_assignee_id'), ['assignee_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_service_case_entitlement_id'), ['entitlement_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_service_case_honour_id'), ['honour_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_service_case_human_id'), ['human_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_service_case_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index('ix_service_case_service_key_state', ['service_key', 'state'], unique=False)
        batch_op.create_index(batch_op.f('ix_service_case_slot_id'), ['slot_id'], unique=False)
        batch_op.create_index('ix_service_case_state_due_at', ['state', 'due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_service_case_station_id'), ['station_id'], unique=False)

    op.create_table('attendance',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('slot_id', sa.Integer(), nullable=False),
    sa.Column('session', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_attendance_by_id')),
    sa.ForeignKeyConstraint(['case_id'], ['service_case.id'], name=op.f('fk_attendance_case_id')),
    sa.ForeignKeyConstraint(['slot_id'], ['service_slot.id'], name=op.f('fk_attendance_slot_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attendance')),
    sa.UniqueConstraint('case_id', 'slot_id', 'session', name=op.f('uq_attendance_case_id_slot_id_session'))
    )
    with op.batch_alter_table('attendance', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attendance_slot_id'), ['slot_id'], unique=False)

    op.create_table('case_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.Column('who', sa.String(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('was', sa.String(), nullable=False),
    sa.Column('now', sa.String(), nullable=False),
    sa.Column('step_key', sa.String(), nullable=False),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('is_inner', sa.Boolean(), nullable=False),
    sa.Column('is_late', sa.Boolean(), nullable=False),
    sa.Column('facts', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=Text()), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['service_case.id'], name=op.f('fk_case_event_case_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_case_event_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_event'))
    )
    with op.batch_alter_table('case_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_case_event_case_id'), ['case_id'], unique=False)

    op.create_table('case_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('field_key', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('ending', sa.String(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['service_case.id'], name=op.f('fk_case_file_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_file')),
    sa.UniqueConstraint('case_id', 'number', name=op.f('uq_case_file_case_id_number'))
    )
    op.create_table('register_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('register_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('is_topic', sa.Boolean(), nullable=False),
    sa.Column('topic_id', sa.Integer(), nullable=True),
    sa.Column('group_name', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=True),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('due_at', Moment(timezone=True), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('giver', sa.String(), nullable=False),
    sa.Column('answer', sa.String(), nullable=False),
    sa.Column('answered_at', Moment(timezone=True), nullable=True),
    sa.Column('done_at', Moment(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['service_case.id'], name=op.f('fk_register_item_case_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['user_account.id'], name=op.f('fk_register_item_owner_id')),
    sa.ForeignKeyConstraint(['register_id'], ['item_register.id'], name=op.f('fk_register_item_register_id')),
    sa.ForeignKeyConstraint(['topic_id'], ['register_item.id'], name=op.f('fk_register_item_topic_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_register_item')),
    sa.UniqueConstraint('register_id', 'is_topic', 'number', name=op.f('uq_register_item_register_id_is_topic_number'))
    )
    with op.batch_alter_table('register_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_register_item_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_register_item_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_register_item_register_id'), ['register_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_register_item_topic_id'), ['topic_id'], unique=False)

    op.create_table('item_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('who', sa.String(), nullable=False),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['register_item.id'], name=op.f('fk_item_event_item_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_item_event'))
    )
    with op.batch_alter_table('item_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_item_event_item_id'), ['item_id'], unique=False)
