"""The filled example at the end of the template, as records, gives exactly what an attentive reviewer would say."""

from __future__ import annotations

from sphinxcontrib_designnote.model.records import Note
from tests.support import SLOTS, check, findings, note, said

DEPLOY = 'POST /api/v1/serving/deploy'
AUTO_CONFIG = 'POST /api/v1/serving/auto-config'


def example(*, title: str = 'Quick Model Deployment', status: str = 'in-review') -> Note:
    return note(
        'quick-deploy',
        said('approach', body='We add a service method that recommends an engine.'),
        said(
            'endpoint',
            AUTO_CONFIG,
            change='new',
            purpose='Returns recommended engine + resources for a model',
            request='{"model_id": "uuid"}',
            response='{"engine": "llamacpp"}',
            auth='Requires authenticated user (any role)',
        ),
        said(
            'endpoint',
            DEPLOY,
            said('field', 'use_auto_config: bool', change='add', in_='request', required='no'),
            change='changed',
            purpose='Add optional `use_auto_config: bool` field',
            body='If true, server re-runs auto-config logic before deploying\nBackward compatible: defaults to false',
        ),
        said('no-impact', 'breaking-changes', body='All changes are additive.'),
        said('no-impact', 'new-entities', body='Using existing Model and Deployment tables.'),
        said(
            'entity',
            'Deployment',
            said('field', 'auto_configured: boolean', change='add', default='false'),
            said('constraint', 'index on auto_configured', change='add'),
            change='modified',
        ),
        said(
            'migration',
            'Alembic migration adds new column with default value `false`.',
            body='No data backfill needed\nsince this is a new feature. Existing deployments remain marked as manual.',
            tool='Alembic',
        ),
        said('authorization', AUTO_CONFIG, roles='any'),
        said('authorization', DEPLOY, change='existing', roles='editor'),
        said('authorization', 'No row-level security needed - users can auto-config any visible model'),
        said('audit-event', 'deployment.auto_config', trigger='auto-config is used', fields='model_id, user_id'),
        said('audit-event', 'Log actual deployment separately as existing logic does'),
        said('security-consideration', 'Model ID must be valid UUID', topic='input-validation'),
        said('security-consideration', 'Apply existing /api/v1/serving rate limit', topic='rate-limiting'),
        said(
            'feature-flag',
            'quick_deploy_enabled',
            default='off',
            when_disabled='"Quick Deploy" button hidden in UI, endpoint returns 404',
            when_enabled='Full feature available',
        ),
        said('rollout-step', 'Deploy backend with new endpoint (feature flag off)', action='deploy', flag_state='off'),
        said('rollout-step', 'Run Alembic migration to add `auto_configured` column', action='migrate'),
        said(
            'rollout-step',
            'Deploy frontend with Quick Deploy UI (feature flag off)',
            action='deploy',
            flag_state='off',
        ),
        said(
            'rollout-step', 'Enable feature flag for internal testing', action='enable', flag_state='internal testing'
        ),
        said(
            'rollout-step',
            'Enable feature flag for all users after 1 week of testing',
            action='enable',
            flag_state='on',
        ),
        said('compatibility', "Old UI works (doesn't call new endpoint)"),
        said('compatibility', 'New endpoint is additive', mechanism='additive'),
        said('test-case', 'Test `auto_configure_deployment()` logic with various model formats', level='unit'),
        said('test-case', f'Test {AUTO_CONFIG} endpoint', level='integration'),
        said('test-case', f'Test {DEPLOY} with `use_auto_config: true`', level='integration'),
        said('test-case', 'Test feature flag behavior (enabled vs disabled)', level='integration', flag_state='both'),
        said('test-case', 'Quick deploy flow end-to-end with real model', level='manual'),
        title=title,
        status=status,
    )


def test_the_example_gives_exactly_two_warnings_and_four_infos() -> None:
    assert [(f.code, str(f.severity)) for f in findings('all', example())] == [
        ('DN407', 'info'),
        ('DN410', 'warning'),
        ('DN703', 'info'),
        ('DN602', 'info'),
        ('DN603', 'info'),
        ('DN607', 'warning'),
    ]


def test_each_finding_of_the_example_stands_at_what_must_change() -> None:
    assert sorted(check('all', example())) == [
        ('DN407', 'Deployment index on auto_configured'),
        ('DN410', 'Deployment index on auto_configured'),
        ('DN602', 'quick_deploy_enabled'),
        ('DN603', 'quick_deploy_enabled'),
        ('DN607', 'Deploy backend with new endpoint (feature flag off)'),
        ('DN703', 'Alembic migration adds new column with default value `false`.'),
    ]


def test_the_messages_of_the_example_name_fact_object_and_next_step() -> None:
    assert [f.message for f in findings('all', example())] == [
        'index on auto_configured of Deployment is not said to be built online, and may block writes; '
        "add ':online: yes'",
        'no migration mentions index on auto_configured of Deployment; '
        'name it in the one that changes entity Deployment',
        "no test or verify step covers migration 'Alembic migration adds new column with default value `false…'; "
        'add one',
        "flag 'quick_deploy_enabled' has no owner; add ':owner:' with who removes it",
        "flag 'quick_deploy_enabled' is never removed; add ':remove-by:' or a rollout step that removes it",
        "step 'Deploy backend with new endpoint (feature flag off)' comes before "
        "'Run Alembic migration to add `auto_configured` column', which adds Deployment.auto_configured; move it below",
    ]


def test_in_a_draft_what_only_asks_for_more_is_info() -> None:
    assert [(f.code, str(f.severity)) for f in findings('all', example(status='draft'))] == [
        ('DN407', 'info'),
        ('DN410', 'info'),
        ('DN703', 'info'),
        ('DN602', 'info'),
        ('DN603', 'info'),
        ('DN607', 'warning'),
    ]


def test_of_the_example_as_history_nothing_is_said() -> None:
    assert check('all', example(status='implemented')) == []
    assert check('all', example(status='rejected')) == []


def test_the_slots_of_the_profile_are_those_of_the_template() -> None:
    assert len(SLOTS) == 15
    assert [slot for slot, required in SLOTS.items() if not required] == ['interfaces']
