// Tables that sort, filter, page and can be saved. Everything on the page can be read without this.
'use strict';
(() => {
  // From this many rows on a table is cut into pages of this many; from this many on it has a filter.
  const PAGED = 200, PAGE = 100, FILTERED = 4;
  const SEVERITIES = ['error', 'warning', 'info'];
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
  const textOf = (cell) => {
    const box = document.createElement('template');
    box.innerHTML = cell;
    return box.content.textContent.trim();
  };

  // What is empty stays at the end, whichever way the rest is sorted; numbers in names count as numbers.
  const compare = (a, b, sign) => (a === '') - (b === '') || sign * collator.compare(a, b);
  const { order } = DataTable.ext.type;
  order['natural-pre'] = textOf;
  order['natural-asc'] = (a, b) => compare(a, b, 1);
  order['natural-desc'] = (a, b) => compare(a, b, -1);
  order['severity-pre'] = (cell) => SEVERITIES.indexOf(textOf(cell));

  const labels = (table) => [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());

  // A cell that a spreadsheet would run begins with an apostrophe.
  const quoted = (text) => `"${text.replace(/^(?=[=+\-@\t\r])/, "'").replace(/"/g, '""')}"`;
  const csv = (api, names) => {
    const rows = api.rows({ search: 'applied', order: 'applied' }).nodes().toArray();
    const lines = rows.map((row) => [...row.cells].map((cell) => {
      const parts = cell.querySelectorAll('p, .part');
      return parts.length ? [...parts].map((part) => part.textContent.trim()).join('; ') : cell.textContent.trim();
    }));
    return [names, ...lines].map((line) => line.map(quoted).join(',')).join('\r\n') + '\r\n';
  };
  const save = (name, text) => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob(['\ufeff', text], { type: 'text/csv' }));
    link.download = `${name}.csv`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  const saveButton = (name, names) => (settings) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'dn-save';
    button.textContent = 'Save as CSV';
    button.addEventListener('click', () => save(name, csv(new DataTable.Api(settings), names)));
    return button;
  };

  const enhance = (table) => {
    const names = labels(table);
    const caption = table.querySelector('caption .caption-text') ?? table.caption;
    const name = caption?.textContent.trim() || 'table';
    const rows = table.tBodies[0].rows, box = table.parentElement;
    for (const row of rows) {
      for (const [index, cell] of [...row.cells].entries()) {
        if (cell.textContent.trim()) cell.dataset.label ??= names[index];
      }
    }
    const severities = [...table.tHead.rows[0].cells].flatMap((cell, index) => (/severity/.test(cell.className) ? [index] : []));
    const many = rows.length > PAGED, few = rows.length < FILTERED;
    const api = new DataTable(table, {
      autoWidth: false,
      order: [],
      paging: many,
      pageLength: PAGE,
      lengthChange: false,
      searching: !few,
      ordering: rows.length > 1,
      columnDefs: [{ targets: severities, type: 'severity' }, { targets: '_all', type: 'natural' }],
      language: { search: 'Filter', info: '_TOTAL_ rows', infoFiltered: 'of _MAX_', infoEmpty: '0 rows', zeroRecords: 'No row has these words.' },
      layout: { topStart: few ? null : 'search', topEnd: few ? null : [saveButton(name, names), 'info'], bottomStart: null, bottomEnd: many ? 'paging' : null },
    });
    api.table().container().querySelector('input')?.setAttribute('aria-label', `Filter ${name}`);
    // What scrolls sideways must be reached by keyboard; without this script that was the box around.
    for (const attribute of ['tabindex', 'role', 'aria-label']) box.removeAttribute(attribute);
    const scroll = table.closest('.dt-layout-table');
    scroll.tabIndex = 0;
    scroll.setAttribute('role', 'region');
    scroll.setAttribute('aria-label', name);
    return api;
  };

  const tables = [...document.querySelectorAll('table.dn-table')].map(enhance);

  // A link may lead to a row that stands on another page of its table, or that the filter hides.
  const reveal = () => {
    const id = decodeURIComponent(location.hash.slice(1));
    if (!id || document.getElementById(id)) return;
    for (const api of tables) {
      const row = api.rows().nodes().toArray().find((node) => node.id === id || node.querySelector(`#${CSS.escape(id)}`));
      if (!row) continue;
      api.search('');
      const at = api.rows({ order: 'applied', search: 'none' }).nodes().toArray().indexOf(row);
      if (api.page.info().length > 0) api.page(Math.floor(at / api.page.info().length));
      api.draw(false);
      document.getElementById(id)?.scrollIntoView();
      return;
    }
  };
  addEventListener('hashchange', reveal);
  reveal();

  // On paper stand all rows.
  addEventListener('beforeprint', () => tables.forEach((api) => api.page.len(-1).draw(false)));
  addEventListener('afterprint', () => tables.forEach((api) => api.page.len(PAGE).draw(false)));
})();
