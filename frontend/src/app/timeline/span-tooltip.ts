import { escapeHtml } from '../charts/options';
import { clockDuration, decimal, instant } from '../format/format';
import type { Span, TimelineAnswer } from './lanes';
import { stateText } from './state-text';

/** A span in words, on the clock of its plant, as HTML. */
export function spanTooltip(span: Span, answer: TimelineAnswer, locale: string): string {
  const machine = answer.machines[span.machine];
  if (!machine) return '';
  const zone = machine.time_zone;
  const band = answer.bands.find(
    (each) => each.machine === span.machine && each.start <= span.start && span.start < each.end,
  );
  const text = answer.reasons[span.reason_code];
  const reason = [span.reason_code, text === span.reason_code ? '' : text].filter(Boolean).join(' · ');
  const from = instant(span.start, locale, zone, 'seconds');
  const until = instant(span.end, locale, zone, 'seconds');
  const length = clockDuration((span.end - span.start) / 1000, locale);
  const count = decimal(span.merged, locale);
  const lines = [
    `<strong>${escapeHtml(machine.name || machine.work_center)}</strong>`,
    escapeHtml(stateText(span.state)) + (reason ? `: ${escapeHtml(reason)}` : ''),
    escapeHtml(`${from} – ${until}`),
    escapeHtml(zone),
    escapeHtml($localize`:@@timeline.length:Length ${length}:LENGTH: h`),
    ...(band ? [escapeHtml($localize`:@@timeline.shift:Shift ${band.shift}:SHIFT:`)] : []),
    ...(span.merged > 1
      ? [escapeHtml($localize`:@@timeline.merged:${count}:COUNT: short states, the worst is shown`)]
      : []),
  ];
  return lines.join('<br>');
}
