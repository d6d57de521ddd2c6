import { Component, signal } from '@angular/core';
import { ComponentFixture, TestBed } from '@angular/core/testing';
import type { EChartsOption } from 'echarts';
import { FakeChart } from '../../testing/fake-chart';
import { settle } from '../../testing/provide';
import { Theme } from '../ui/theme';
import { Chart, LOAD_ECHARTS } from './chart';

@Component({
  selector: 'te-host',
  imports: [Chart],
  template: `<div
    [teChart]="option()"
    teChartLabel="Trend"
    (picked)="picked = $event"
    (zoomed)="zoomed = $event"
  ></div>`,
})
class Host {
  readonly option = signal<EChartsOption>({ animation: false });
  picked: unknown;
  zoomed: unknown;
}

describe('Chart', () => {
  let chart: FakeChart;
  let fixture: ComponentFixture<Host>;

  beforeEach(() => {
    chart = new FakeChart();
    TestBed.configureTestingModule({
      providers: [{ provide: LOAD_ECHARTS, useValue: () => Promise.resolve(chart.init) }],
    });
    fixture = TestBed.createComponent(Host);
  });

  it('draws once ECharts is loaded, in the theme of the page', async () => {
    TestBed.tick();
    expect(chart.options).toEqual([]);
    await settle();
    expect(chart.options).toEqual([{ animation: false }]);
    expect(chart.themes).toEqual(['te-light']);
  });

  it('draws what has changed, and follows the theme', async () => {
    await settle();
    fixture.componentInstance.option.set({ animation: true });
    TestBed.inject(Theme).choose('dark');
    await settle();
    expect(chart.options.at(-1)).toEqual({ animation: true });
    expect(chart.themes).toEqual(['te-light', 'te-dark']);
  });

  it('is an image with a text for those who do not see it', async () => {
    await settle();
    const element = (fixture.nativeElement as HTMLElement).querySelector('div');
    expect(element?.getAttribute('role')).toBe('img');
    expect(element?.getAttribute('aria-label')).toBe('Trend');
  });

  it('tells what was picked', async () => {
    await settle();
    chart.click({ dataIndex: 3 });
    expect(fixture.componentInstance.picked).toEqual({ dataIndex: 3 });
  });

  it('tells what part is shown, whether it was set by the slider or by dragging', async () => {
    await settle();
    chart.zoom({ start: 10, end: 20 });
    expect(fixture.componentInstance.zoomed).toEqual({ start: 10, end: 20 });
    chart.zoom({ batch: [{ start: 30, end: 40, dataZoomIndex: 1 }] });
    expect(fixture.componentInstance.zoomed).toEqual({ start: 30, end: 40 });
  });

  it('leaves nothing behind, whether or not it was loaded by then', async () => {
    await settle();
    fixture.destroy();
    expect(chart.isDisposed).toBe(true);

    const late = TestBed.createComponent(Host);
    TestBed.tick();
    late.destroy();
    await settle();
    expect(chart.themes.length).toBe(1);
  });
});
