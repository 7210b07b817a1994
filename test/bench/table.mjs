/** Markdown: per item and work the rows, quickest first, with the ratio of our time to each; of several passes the lowest minimum, a split as a whole. */
export function formatTable(records) {
  const groups = new Map(), lines = [];
  const sum = (of) => records.filter(({ share, pass }) => share !== undefined && pass === of).reduce((total, { ms_min }) => total + ms_min, 0);
  const whole = records.reduce((best, { share, pass }) => (share !== undefined && (best === null || sum(pass) < sum(best)) ? pass : best), null);
  for (const record of records.filter(({ ms_min, share, pass }) => ms_min !== undefined && (share === undefined || pass === whole))) {
    const title = `${record.item}, ${record.work}`, rows = groups.get(title) ?? [], known = rows.find(({ name }) => name === record.name);
    groups.set(title, known ? rows.map((row) => (row === known && record.ms_min < row.ms_min ? record : row)) : [...rows, record]);
  }
  for (const [title, rows] of groups) {
    const ours = rows.find(({ name }) => name.startsWith('retinamesh'))?.ms_min;
    const split = rows[0].share !== undefined;
    lines.push(split ? `| ${title} | ms | share |` : `| ${title} | ms, minimum | median | ours / theirs |`, split ? '|---|---:|---:|' : '|---|---:|---:|---:|');
    for (const { name, ms_min, ms_median, share } of rows.toSorted((a, b) => a.ms_min - b.ms_min)) {
      if (split) lines.push(`| ${name} | ${ms_min.toFixed(2)} | ${Math.round(100 * share)} % |`);
      else lines.push(`| ${name} | ${ms_min.toFixed(2)} | ${ms_median.toFixed(2)} | ${ours === undefined ? '' : (ours / ms_min).toFixed(2)} |`);
    }
    lines.push('');
  }
  return lines.join('\n');
}
