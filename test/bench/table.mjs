/** Markdown: per item and work the rows, quickest first, with the ratio of our time to each. */
export function formatTable(records) {
  const groups = new Map(), lines = [];
  for (const record of records) {
    const title = `${record.item}, ${record.work}`;
    if (record.ms_min !== undefined) groups.set(title, [...(groups.get(title) ?? []), record]);
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
