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

  // As in tables/*.csv: a cell that a spreadsheet would run begins with an apostrophe.
  const quoted = (text) => `"${text.replace(/^(?=[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20])/, "'").replace(/"/g, '""')}"`;
  const written = (cell) => {
    const lines = [...cell.querySelectorAll('p')];
    return (lines.length ? lines : [cell]).map((line) => line.textContent.trim()).join('; ');
  };
  const csv = (api, names) => {
    const rows = api.rows({ search: 'applied', order: 'applied' }).nodes().toArray();
    const lines = [names, ...rows.map((row) => [...row.cells].map(written))];
    return lines.map((line) => line.map(quoted).join(',')).join('\r\n') + '\r\n';
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

  // A line may end behind a separator of a path or a name.
  const soften = (cell) => {
    const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), found = [];
    while (walker.nextNode()) found.push(walker.currentNode);
    for (const text of found) text.replaceWith(...text.data.split(/(?<=[/_.])/).flatMap((part, at) => (at ? [document.createElement('wbr'), part] : [part])));
  };
  // What only a row that is seen needs. On a phone it is a card, which says what each of its cells is.
  const finish = (row, names) => {
    for (const [index, cell] of [...row.cells].entries()) {
      if (!names[index] || cell.dataset.label || !cell.hasChildNodes()) continue;
      cell.dataset.label = names[index];
      if (cell.classList.contains('dn-code')) soften(cell);
    }
  };

  const enhance = (table) => {
    const heads = [...table.tHead.rows[0].cells], names = heads.map((cell) => cell.textContent.trim());
    const caption = table.querySelector('caption .caption-text') ?? table.caption;
    const name = caption?.textContent.trim() || 'table';
    const count = table.tBodies[0].rows.length, many = count > PAGED, few = count < FILTERED;
    const box = table.closest('.dn-scroll');
    // Rows that stand in the layout while they are taken out of it take seconds where there are thousands.
    box.hidden = true;
    const api = new DataTable(table, {
      autoWidth: false,
      order: [],
      paging: many,
      pageLength: PAGE,
      lengthChange: false,
      searching: !few,
      ordering: count > 1,
      columnDefs: [{ targets: '.dn-severity', type: 'severity' }, { targets: '_all', type: 'natural' }],
      drawCallback() {
        const { rows } = table.tBodies[0];
        // More than that are seen at once on paper only, where there may be tens of thousands.
        if (rows.length <= PAGED) for (const row of rows) finish(row, names);
      },
      language: {
        search: 'Filter', entries: { 1: 'row', _: 'rows' }, info: '_TOTAL_ _ENTRIES-TOTAL_', infoFiltered: 'of _MAX_',
        infoEmpty: '0 rows', zeroRecords: 'No row has these words.',
      },
      layout: {
        topStart: few ? null : 'search', topEnd: few ? null : [saveButton(name, names), 'info'],
        bottomStart: null, bottomEnd: many ? 'paging' : null,
      },
    });
    box.hidden = false;
    box.querySelector('input')?.setAttribute('aria-label', `Filter ${name}`);
    box.querySelector('.dt-paging nav')?.setAttribute('aria-label', `Pages of ${name}`);
    // What scrolls sideways must be reached by keyboard; without this script that is the box around.
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
    let id = location.hash.slice(1);
    try { id = decodeURIComponent(id); } catch { /* it stays as it is written */ }
    if (!id || document.getElementById(id)) return;
    for (const api of tables) {
      const row = api.rows().nodes().toArray().find((node) => node.id === id || node.querySelector(`#${CSS.escape(id)}`));
      if (!row) continue;
      api.search('');
      const at = api.rows({ order: 'applied', search: 'none' }).nodes().toArray().indexOf(row);
      if (api.page.info().length > 0) api.page(Math.floor(at / api.page.info().length));
      api.draw(false);
      // Once more, now that it is there: the browser marks the target, and scrolls to it.
      location.replace(location.href);
      return;
    }
  };
  addEventListener('hashchange', reveal);
  reveal();

  // On paper stand all rows.
  addEventListener('beforeprint', () => tables.forEach((api) => api.page.len(-1).draw(false)));
  addEventListener('afterprint', () => tables.forEach((api) => api.page.len(PAGE).draw(false)));
})();
