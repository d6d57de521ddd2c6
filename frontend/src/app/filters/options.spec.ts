import { META } from '../../testing/fixtures';
import { NO_FILTERS } from './codec';
import { optionsOf } from './options';

describe('optionsOf', () => {
  const values = (options: { value: string }[]) => options.map(({ value }) => value);

  it('leaves what is in the plants and lines that are chosen', () => {
    const filters = { ...NO_FILTERS, plant: ['W1'], line: ['L2'] };
    expect(values(optionsOf('work_center', META, filters))).toEqual([
      'P-201',
      'P-202',
      'P-203',
      'P-204',
      'P-205',
    ]);
    expect(values(optionsOf('shift', META, { ...NO_FILTERS, plant: ['W2'] }))).toEqual([
      'early',
      'late',
    ]);
  });

  it('makes one option of a code that two plants have, and names both', () => {
    expect(optionsOf('line', META, NO_FILTERS)).toContainEqual({
      value: 'L1',
      label: 'L1 · Press line',
      hint: 'Hamburg, Lyon',
    });
  });

  it('names no plant where there is only one', () => {
    const meta = { ...META, plants: META.plants.slice(0, 1) };
    expect(optionsOf('line', meta, NO_FILTERS)[0]).toEqual({
      value: 'L1',
      label: 'L1 · Press line',
    });
  });

  it('has words for classes', () => {
    expect(optionsOf('reason_class', META, NO_FILTERS)).toContainEqual({
      value: 'setup',
      label: 'set-up',
    });
  });
});
