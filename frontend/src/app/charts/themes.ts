import { DARK, LIGHT, Palette } from './palette';

/** Of the chart itself; the page's CSS does not reach into a canvas. */
function themeOf(palette: Palette, isDark: boolean): object {
  const axis = {
    axisLine: { show: true, lineStyle: { color: palette.line } },
    axisTick: { show: false },
    axisLabel: { color: palette.muted, hideOverlap: true },
    splitLine: { lineStyle: { color: palette.line, opacity: 0.7 } },
    splitArea: { show: false },
    nameTextStyle: { color: palette.muted },
  };
  return {
    darkMode: isDark,
    color: [...palette.series],
    backgroundColor: 'transparent',
    textStyle: { color: palette.text, fontFamily: 'system-ui, sans-serif' },
    categoryAxis: { ...axis, splitLine: { show: false } },
    valueAxis: { ...axis, axisLine: { show: false } },
    timeAxis: axis,
    logAxis: axis,
    legend: {
      textStyle: { color: palette.text },
      inactiveColor: palette.line,
      pageTextStyle: { color: palette.muted },
      pageIconColor: palette.muted,
      pageIconInactiveColor: palette.line,
    },
    tooltip: {
      backgroundColor: palette.ground,
      borderColor: palette.line,
      textStyle: { color: palette.text },
      axisPointer: {
        lineStyle: { color: palette.muted },
        crossStyle: { color: palette.muted },
        label: { color: palette.ground, backgroundColor: palette.muted },
      },
    },
    dataZoom: {
      borderColor: palette.line,
      fillerColor: isDark ? 'rgba(78,168,222,0.25)' : 'rgba(0,114,178,0.15)',
      handleStyle: { color: palette.ground, borderColor: palette.muted },
      moveHandleStyle: { color: palette.muted, opacity: 0.4 },
      textStyle: { color: palette.muted },
      dataBackground: {
        lineStyle: { color: palette.muted, opacity: 0.5 },
        areaStyle: { color: palette.muted, opacity: 0.15 },
      },
    },
    visualMap: { textStyle: { color: palette.muted } },
    markLine: { label: { color: palette.text }, lineStyle: { color: palette.target } },
    line: { symbolSize: 7, lineStyle: { width: 2 }, smooth: false },
    bar: { barMaxWidth: 64 },
  };
}

export const LIGHT_THEME = themeOf(LIGHT, false);
export const DARK_THEME = themeOf(DARK, true);
