"""What the words of rollout steps and tests say."""

from __future__ import annotations

import pytest

from sphinxcontrib_designnote.grammar.steps import read_step, read_test


@pytest.mark.parametrize(
    ('title', 'said'),
    [
        ('Deploy backend with new endpoint (feature flag off)', 'deploy off component=backend'),
        ('Run Alembic migration to add `auto_configured` column', 'migrate'),
        ('Deploy frontend with Quick Deploy UI (feature flag off)', 'deploy off component=frontend'),
        ('Enable feature flag for internal testing', 'enable state=internal testing'),
        ('Enable feature flag for all users after 1 week of testing', 'enable on'),
        ('Enable `quick_deploy` for 10% of tenants', 'enable state=10% of tenants'),
        ('Enable feature flag (10% of users)', 'enable state=10% of users'),
        ('Enable feature flag for staff, then watch the dashboards', 'enable state=staff'),
        ('Enable the flag for beta users until Friday', 'enable state=beta users'),
        ('Enable for everyone', 'enable on'),
        ('Enable flag for 100% of users', 'enable on'),
        ('Enable feature flag to all users', 'enable on'),
        ('Enable feature flag by default', 'enable on'),
        ('Turn on the flag for beta users', 'enable state=beta users'),
        ('Turn the flag on for staff', 'enable state=staff'),
        ('Turn the feature flag on', 'enable on'),
        ('Switch the flag off', 'disable off'),
        ('Set `quick_deploy_enabled` to true', 'enable on'),
        ('Set the feature flag to off', 'disable off'),
        ('Ramp up to 50% of traffic', 'enable state=50% of traffic'),
        ('Disable `old_checkout`', 'disable off'),
        ('Run database migrations', 'migrate'),
        ('Apply migration 0042', 'migrate'),
        ('Migrate orders to the new table', 'migrate'),
        ('Run the backfill job', 'backfill'),
        ('Backfill `status` from `state`', 'backfill'),
        ('Copy data from `a` to `b`', 'backfill'),
        ('Restart the API servers', 'restart component=API servers'),
        ('Restart workers after the migration', 'restart component=workers'),
        ('Verify that no errors are logged', 'verify'),
        ('Monitor the error rate for 24 hours', 'verify'),
        ('Run smoke tests', 'verify'),
        ('Run integration tests against staging', 'verify'),
        ('Check that the migration ran', 'verify'),
        ('Remove the feature flag', 'remove'),
        ('Drop column `old_status` in migration 0043', 'remove'),
        ('Retire GET /v1/orders', 'remove'),
        ('Clean up dead code', 'remove'),
        ('Announce the deprecation to clients', 'announce'),
        ('Notify customers by e-mail', 'announce'),
        ('Roll out the orders service', 'deploy component=orders service'),
        ('Ship the UI', 'deploy component=UI'),
        ('Redeploy the API', 'deploy component=API'),
        ('Deploy to 10% of hosts', 'deploy'),
        ('Deploy and enable', 'deploy'),
        ('Deploy orders-service v2.3', 'deploy component=orders-service'),
        ('Deploy the API (flag is still off)', 'deploy off component=API'),
        ('Deploy the API with the feature flag off', 'deploy off component=API'),
        ('Deploy API, flag off', 'deploy off component=API'),
        ('[x] Deploy backend', 'deploy component=backend'),
        ('Phase 1: deploy backend', 'deploy component=backend'),
        ('After the load test, enable the feature flag for all', 'enable on'),
        ('Before the deploy, run the migration', 'migrate'),
        ('Once the copy is complete, drop `old`', 'remove'),
        ('Execute the cleanup job', ''),
        ('Start the new consumer', ''),
        ('Wait one week', ''),
        ('Set up monitoring on all hosts', ''),
        ('Switch traffic to the new service', ''),
        ('Merge the pull request', ''),
        ('', ''),
    ],
)  # fmt: skip
def test_the_words_of_a_step_say_action_component_and_state(title: str, said: str) -> None:
    found = read_step(title)
    state = found.get('flag_state')
    words = [
        found.get('action', ''),
        '' if state is None else state if state in ('on', 'off') else f'state={state}',
        f'component={found["component"]}' if 'component' in found else '',
    ]
    assert ' '.join(filter(None, words)) == said


@pytest.mark.parametrize(
    ('title', 'state'),
    [
        ('Test feature flag behavior (enabled vs disabled)', 'both'),
        ('Test with the feature flag on and off', 'both'),
        ('flag on/off', 'both'),
        ('`quick_deploy_enabled` on and off', 'both'),
        ('Works with `quick_deploy_enabled` enabled or disabled', 'both'),
        ('Flag off: endpoint returns 404', 'off'),
        ('Returns 404 when the flag is off', 'off'),
        ('Test with disabled flag', 'off'),
        ('The feature flag is turned on', 'on'),
        ('Returns 404 when the flag is not enabled', 'off'),
        ('With `jobs_enabled` off, POST /jobs answers 404', 'off'),
        ('The page with `jobs_enabled` on', 'on'),
        ('The page when `jobs_enabled` is disabled', 'off'),
        ('The page with and without the feature flag', 'both'),
        ('The page with and without a token', None),
        ('Test the page with `jobs` on ARM nodes', None),
        ('Test on both AMD64 and ARM64 nodes', None),
        ('Flag lookup on a cold cache', None),
        ('Test the feature flag on ARM nodes', None),
        ('Test handling of the flag field', None),
    ],
)
def test_the_words_of_a_test_say_which_state_of_the_flag_it_tests(title: str, state: str | None) -> None:
    assert read_test(title).get('flag_state') == state


@pytest.mark.parametrize(
    ('title', 'node'),
    [
        ('`tests/test_x.py::test_y` covers it', 'tests/test_x.py::test_y'),
        ('`tests/test_x.py::TestC::test_y[a-b]`', 'tests/test_x.py::TestC::test_y[a-b]'),
        ('tests/test_x.py', None),
        ('`pytest -k x`', None),
    ],
)
def test_a_test_names_the_node_of_the_automated_test_as_code(title: str, node: str | None) -> None:
    assert read_test(title).get('automated') == node
