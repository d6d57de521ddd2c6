import { Location } from '@angular/common';
import { TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import { goTo, providePage, settle } from '../../testing/provide';
import { FilterState } from './filter-state';

describe('FilterState', () => {
  beforeEach(() => {
    TestBed.configureTestingModule({ providers: providePage() });
    TestBed.inject(Router).setUpLocationChangeListener();
  });

  const path = () => decodeURIComponent(TestBed.inject(Location).path());

  async function change(act: (state: FilterState) => void): Promise<void> {
    act(TestBed.inject(FilterState));
    await new Promise((resolve) => setTimeout(resolve));
    await settle();
  }

  it('reads the address that it starts at', async () => {
    await goTo('/stops?plant=W1&plant=W2&grain=week');
    expect(TestBed.inject(FilterState).filters()).toMatchObject({
      plant: ['W1', 'W2'],
      grain: 'week',
    });
  });

  it('writes a change into the address and stays on the page', async () => {
    await goTo('/stops?kiosk=1&offset=50');
    await change((state) => state.update({ work_center: ['M-101'] }));
    expect(path()).toBe('/stops?kiosk=1&work_center=M-101');
  });

  it('is taken back by the way back', async () => {
    await goTo('/stops?plant=W1');
    await change((state) => state.update({ plant: ['W2'] }));
    await change(() => TestBed.inject(Location).back());
    expect(TestBed.inject(FilterState).filters().plant).toEqual(['W1']);
  });

  it('is not kept in the way back where a change replaces the one before', async () => {
    await goTo('/stops');
    await change((state) => state.update({ plant: ['W1'] }));
    await change((state) => state.update({ plant: ['W1', 'W2'] }, true));
    await change(() => TestBed.inject(Location).back());
    expect(TestBed.inject(FilterState).filters().plant).toEqual([]);
  });

  it('clears filters and keeps the rest', async () => {
    await goTo('/stops?kiosk=1&plant=W1&from=2026-03-02&to=2026-03-08&sort=name');
    await change((state) => state.clear());
    expect(path()).toBe('/stops?kiosk=1&sort=name');
  });

  it('sets and takes out parameters of a view', async () => {
    await goTo('/stops?plant=W1&sort=name');
    await change((state) => state.setParams({ offset: 50, sort: null }));
    expect(path()).toBe('/stops?plant=W1&offset=50');
    expect(TestBed.inject(FilterState).param('offset')).toBe('50');
  });
});
