import type { BarSeriesOption } from 'echarts';
import { CONTEXT } from '../../testing/context';
import { freshnessRow, quality, shareRow } from '../../testing/views';
import { sharesOption, worstFirst } from './shares-option';
import { verdictOf } from './verdict';

const base = quality();

describe('whether figures can be trusted', () => {
  it('is yes where all is accounted for and fresh', () => {
    const verdict = verdictOf(base, 'en-GB');
    expect(verdict.level).toBe('good');
    expect(verdict.headline).toContain('can be trusted');
    expect(verdict.findings).toEqual([]);
  });

  it('is no where rows were lost', () => {
    const verdict = verdictOf(quality({ files: { ...base.files, differing: 2 } }), 'en-GB');
    expect(verdict.level).toBe('bad');
    expect(verdict.findings[0]).toMatchObject({ section: 'files', level: 'bad' });
    expect(verdict.findings[0]?.text).toContain('2');
  });

  it('is no where days show figures of an earlier profile, from the first to the last of them', () => {
    const row = { model: 'interactions', plant: 'W1', days: 2, why: '' };
    const rows = [
      { ...row, first_day: '2026-03-05', last_day: '2026-03-06' },
      { ...row, first_day: '2026-03-02', last_day: '2026-03-03' },
    ];
    const verdict = verdictOf(quality({ stale: { ...base.stale, rows } }), 'en-GB');
    expect(verdict.level).toBe('bad');
    expect(verdict.findings[0]?.text).toMatch(/2\s?–\s?6 Mar 2026/);
  });

  it('is with reserve where something is missing, each with the section that shows it', () => {
    const verdict = verdictOf(
      quality({
        freshness: { ...base.freshness, rows: [freshnessRow(), freshnessRow({ is_fresh: false })] },
        rules: { ...base.rules, total: 1_240 },
        drift: { ...base.drift, rows: [{ contract: 'c@1', file_name: 'a', new_columns: 'x' }] },
        shares: { ...base.shares, rows: [shareRow({ unexplained_share: 0.25 })] },
      }),
      'en-GB',
    );
    expect(verdict.level).toBe('warn');
    expect(verdict.findings.map(({ section }) => section)).toEqual([
      'freshness',
      'rules',
      'drift',
      'shares',
    ]);
    const texts = verdict.findings.map(({ text }) => text).join(' ');
    for (const part of ['1 of 2', 'Hamburg', '1,240', 'Press 1']) expect(texts).toContain(part);
  });
});

describe('shares without reason or class', () => {
  const rows = [
    shareRow(),
    shareRow({ work_center: 'M-102', name: 'Press 2', unclassified_share: 0.3 }),
    shareRow({ plant: 'W2', work_center: 'M-9', unexplained_share: null, unclassified_share: null }),
  ];

  it('stand with the worst machine first; what has no figure has no bar', () => {
    const option = sharesOption(rows, CONTEXT);
    const [unexplained, unclassified] = option.series as BarSeriesOption[];
    expect(unexplained?.data).toEqual([0.01, 0.01, null]);
    expect(unclassified?.data).toEqual([0.3, 0.005, null]);
    expect(worstFirst(rows)[0]?.name).toBe('Press 2');
  });

  it('name the plant where two machines have one name', () => {
    const { data } = sharesOption(rows, CONTEXT).yAxis as { data: string[] };
    expect(data).toEqual(['Press 2', 'Press 1 · W1', 'Press 1 · W2']);
  });
});
