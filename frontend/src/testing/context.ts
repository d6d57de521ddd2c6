import type { ChartContext } from '../app/charts/chart-context';
import { LIGHT } from '../app/charts/palette';

/** A context of charts as option builders are given it. */
export const CONTEXT: ChartContext = {
  language: 'en',
  locale: 'en-GB',
  zone: 'Europe/Berlin',
  isDark: false,
  palette: LIGHT,
  isKiosk: false,
};
