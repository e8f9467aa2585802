"""Notes that are in order, written as people write: nothing may be said of them."""

from __future__ import annotations

import json
from typing import Any

import pytest

SHORTHAND = """\
Design Note: T
==============

.. endpoint:: GET, DELETE /v2/webhooks/{id}
   :change: new
   :purpose: Adds ``foo`` and ``bar``
   :response: ``{}``
   :rate-limit: 10/min

   Body.

.. endpoint:: POST /orders
   :change: new
   :purpose: x
   :response: y
   :request: z

.. authorization:: All endpoints require the editor role

.. audit-event:: order.created
   :change: new

.. audit-event:: webhook.gone
   :trigger: DELETE /v2/webhooks/wh_1 returns 204

.. entity:: account
   :change: modified

   - Add ``plan: text`` not null (default: free)
   - Add ``seats: int`` nullable

.. migration:: Add plan and seats columns
   :reversible: yes

   Adds both columns to the account table; plan defaults to "free".

.. feature-flag:: ``f1``
   :change: new
   :default: ``off``
   :requires: old_flag
   :owner: me
   :remove-by: 2027-01-01
   :gates: POST /orders

.. security-consideration:: Amounts are validated

.. rollout::

   1. Run the migration
   2. Deploy the backend
   3. Enable for everyone

.. test-plan:: integration

   - ``GET /v2/webhooks/wh_1`` and ``DELETE /v2/webhooks/wh_1``
   - All endpoints return 401 to anonymous users
   - Flag off: 404; flag on: 200
   - Migration test
"""

WHOLE = """\
---
design-note:
  status: accepted
  owners: [billing]
  created: 2026-04-01
---
# Design Note: Invoice reminders

## Approach
```{approach}
A nightly job finds overdue invoices and mails the customer. See `invoice_reminders` below.
```

```{alternative} Let customers subscribe to a calendar
:verdict: rejected
```

## API
```{endpoint} GET, PUT /api/v1/invoices/{invoice_id}/reminders
:change: new
:purpose: Shows and sets when a customer is reminded.
:request: {"days": [7, 14]}
:response: {"days": [7, 14]}
:flag: invoice_reminders
:roles: billing-admin
:uses: Invoice, Invoice.reminded_at
:rate-limit: 60/min
```

```{no-impact} changed-endpoints
No other endpoint changes.
```

```{interface} invoice.reminded
:kind: event
:change: new
:consumers: crm, data warehouse
:auth: internal topic
```

```{no-impact} breaking-changes
Only additions.
```

## Data
```{no-impact} new-entities
The table exists.
```

````{entity} Invoice
:change: modified
```{field} reminded_at: timestamptz
:change: add
:nullable: yes
```
```{field} reminder_days: int[]
:change: add
:default: {}
```
````

```{migration} Add reminder columns to Invoice
:tool: alembic
:revision: 20260401_01
:reversible: yes
:kind: expand
:entities: Invoice.reminded_at, Invoice.reminder_days
```

## Security
```{authorization}
- GET /api/v1/invoices/{id}/reminders: requires billing-admin role
- PUT /api/v1/invoices/{id}/reminders: requires billing-admin role
```

```{audit-event} invoice.reminders_changed
:change: new
:trigger: PUT /api/v1/invoices/{id}/reminders
:fields: invoice_id, days, actor_id
```

```{security-consideration} Days are positive integers
:topic: input-validation
```

## Rollout
```{feature-flag} invoice_reminders
:change: new
:default: off
:owner: billing
:remove-by: 2026-12-01

- When disabled: no mail is sent, both endpoints return 404
```

```{rollout}
1. Run the migration 20260401_01
2. Deploy the invoice service (flag off)
3. Enable `invoice_reminders` for 5% of tenants
   - Gate: error rate below 0.1%
   - Rollback: disable the flag
4. Enable `invoice_reminders` for all tenants
```

```{compatibility} Old clients do not call the endpoint
:mechanism: additive
```

## Tests
```{test-plan} integration
- GET and PUT /api/v1/invoices/{id}/reminders round trip
- GET, PUT /api/v1/invoices/{id}/reminders answer 403 to a viewer
- Flag on and off
- `invoice.reminded` is published once a reminder is sent
```

```{test-plan} migration
- Upgrade and downgrade of the migration
```
"""

NOTES = {
    'shorthand': ('index.rst', SHORTHAND, {'DN101': 'off'}),
    'whole': ('index.md', WHOLE, {}),
}


@pytest.mark.parametrize('name', NOTES)
def test_nothing_is_said_of_a_note_that_is_in_order(build: Any, name: str) -> None:
    page, text, rules = NOTES[name]
    files = {page: text, 'known.toml': 'flags = ["old_flag"]\n'}
    conf = {'designnote_known': 'known.toml', 'designnote_rules': rules, 'designnote_today': '2026-06-01'}
    built = build(files, 'designnote', conf=conf)
    assert json.loads(built.read('designnote.json'))['findings'] == []
    assert built.warnings == []


def test_what_needs_something_known_hides_no_circle(build: Any) -> None:
    flags = """\
.. feature-flag:: a
   :requires: b, old_flag

.. feature-flag:: b
   :requires: a
"""
    conf = {'designnote_known': 'known.toml'}
    built = build({'index.rst': flags, 'known.toml': 'flags = ["old_flag"]\n'}, 'designnote', conf=conf)
    found = json.loads(built.read('designnote.json'))['findings']
    assert [(f['code'], f['line']) for f in found if f['severity'] == 'error'] == [('DN204', 2)]
