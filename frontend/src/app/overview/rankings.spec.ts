import { availabilityRow } from '../../testing/fixtures';
import { CONTEXT, plain, reasonRow, scrapRow } from '../../testing/rows';
import { rankedMachines, rankedReasons, rankedScrap } from './rankings';

describe('rankedMachines', () => {
  const rows = [
    availabilityRow({ work_center: 'M-1', name: 'Press', unplanned_down_seconds: 5400, setup_seconds: 1800 }),
    availabilityRow({ work_center: 'M-2', name: '', unplanned_down_seconds: 3600, availability: null }),
  ];
  const [first, second] = rankedMachines(rows, { shift: 'early' }, CONTEXT);

  it('has bars of downtime and set-up, told apart without colour', () => {
    expect(first?.segments.map((each) => each.share)).toEqual([0.75, 0.25]);
    expect(first?.segments.map((each) => each.isStriped ?? false)).toEqual([false, true]);
    expect(second?.segments[0]?.share).toBe(0.5);
  });

  it('says hours and availability, and nothing where there is none', () => {
    expect(first?.values.map(plain)).toEqual(['2.0 h', '88.8%']);
    expect(second?.values[1]).toBe('–');
  });

  it('leads to the machine', () => {
    expect(first?.link).toEqual({
      commands: ['/', 'machine', 'W1', 'M-1'],
      queryParams: { shift: ['early'] },
    });
    expect(second?.label).toBe('M-2');
  });
});

describe('rankedReasons', () => {
  it('leads to the stops of a reason and names its class', () => {
    const [row, empty] = rankedReasons([reasonRow(), reasonRow({ reason_code: '', reason_text: '' })], {}, CONTEXT);
    expect(row).toMatchObject({ label: 'Jam', detail: 'technical', values: ['2.0\u00a0h', '7'] });
    expect(row?.link?.queryParams).toEqual({ reason_class: ['technical'], reason_code: 'T10' });
    expect(empty?.link?.queryParams).toEqual({ reason_class: ['technical'] });
  });
});

describe('rankedScrap', () => {
  it('leads to the scrap of the machine in its unit', () => {
    const [row] = rankedScrap([scrapRow({ work_center: 'M-1', name: 'Press' })], {}, CONTEXT);
    expect(row?.values.map(plain)).toEqual(['2.00%', '20 PC']);
    expect(row?.link?.queryParams).toEqual({
      basis: 'operation',
      plant: ['W1'],
      work_center: ['M-1'],
      unit: 'PC',
    });
  });
});
