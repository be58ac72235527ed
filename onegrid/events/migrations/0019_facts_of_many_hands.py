"""Units, parts and voices that a step names by number stay when its words go."""

from django.db import migrations

NAMES = """
'limits', 'promised_by', 'days', 'review_on', 'extension', 'undoes', 'category', 'level', 'unit', 'by_rule', 'solved',
'satisfied', 'kind', 'voice', 'request', 'by_time', 'unreachable', 'sha256', 'through'
"""
MORE = ", 'back_to', 'passed_by', 'assisting', 'parts', 'part', 'from', 'to', 'into', 'voices', 'parts_open'"


def keeping(names: str) -> str:
    return f"""
CREATE OR REPLACE FUNCTION events_facts_kept(facts jsonb) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT coalesce(jsonb_object_agg(one.key, one.value), '{{}}'::jsonb) FROM jsonb_each(facts) AS one
    WHERE one.key IN ({names})
       OR (one.key = 'reason' AND one.value #>> '{{}}' IN (SELECT code FROM events_reason))
$$;
"""


class Migration(migrations.Migration):
    dependencies = (("events", "0018_many_hands"),)
    operations = (migrations.RunSQL(keeping(NAMES + MORE), keeping(NAMES)),)
