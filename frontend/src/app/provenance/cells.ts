/**
 * Addresses of the cells of a row as ranges: `Log!D31, Log!E31, Log!G31` is `Log!D31:E31, Log!G31`,
 * which spreadsheets take as a place to go to. What is not understood stays as it is.
 */
export function asRanges(cells: string, sheet: string): string {
  const quotes = cells.startsWith("'") ? 2 : 0;
  const end = cells.indexOf('!', sheet.length + quotes);
  if (end < 0) return cells;
  const prefix = cells.slice(0, end + 1);
  const addresses = cells.slice(end + 1).split(`, ${prefix}`);
  const places = addresses.map((address) => /^([A-Z]{1,3})(\d+)$/.exec(address));
  const ranges: { first: string; last: string; column: number; row: string }[] = [];
  for (const place of places) {
    const [address, letters, row] = place ?? [];
    if (!address || !letters || !row) return cells;
    const column = columnOf(letters);
    const open = ranges.at(-1);
    if (open?.row === row && open.column + 1 === column) {
      open.last = address;
      open.column = column;
    } else {
      ranges.push({ first: address, last: address, column, row });
    }
  }
  return ranges
    .map(({ first, last }) => prefix + (first === last ? first : `${first}:${last}`))
    .join(', ');
}

function columnOf(letters: string): number {
  return [...letters].reduce((column, letter) => column * 26 + letter.charCodeAt(0) - 64, 0);
}
