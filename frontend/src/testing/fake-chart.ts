import type { EChartsOption } from 'echarts';
import type { EChartsType } from 'echarts/core';
import { InitChart } from '../app/charts/chart';

/** A chart that remembers what it was told. */
export class FakeChart {
  readonly options: EChartsOption[] = [];
  readonly themes: string[] = [];
  resized = 0;
  isDisposed = false;
  private readonly handlers = new Map<string, (event: unknown) => void>();

  /** In place of `init` of ECharts. */
  readonly init: InitChart = (_, theme) => {
    this.themes.push(theme);
    return this as unknown as EChartsType;
  };

  setOption(option: EChartsOption): void {
    this.options.push(option);
  }

  setTheme(theme: string): void {
    this.themes.push(theme);
  }

  on(name: string, handler: (event: unknown) => void): void {
    this.handlers.set(name, handler);
  }

  click(event: unknown): void {
    this.handlers.get('click')?.(event);
  }

  zoom(event: unknown): void {
    this.handlers.get('datazoom')?.(event);
  }

  resize(): void {
    this.resized++;
  }

  dispose(): void {
    this.isDisposed = true;
  }
}
