import { HttpErrorResponse } from '@angular/common/http';

/** Why an answer is missing. `network`: the server was not reached. */
export type ProblemKind = 'network' | 'busy' | 'slow' | 'invalid' | 'missing' | 'failed';

export interface Problem {
  readonly kind: ProblemKind;
  readonly status: number;
  /** What the server says, in the language asked for; empty if it said nothing. */
  readonly title: string;
  readonly detail: string;
  readonly requestId: string;
  /** Seconds that the server asks to wait; null if it does not say. */
  readonly retryAfter: number | null;
}

const KINDS: Record<number, ProblemKind> = {
  0: 'network',
  404: 'missing',
  422: 'invalid',
  400: 'invalid',
  429: 'busy',
  502: 'network',
  503: 'busy',
  504: 'slow',
};

/** Whether the same question may well be answered a little later. */
export function passesByItself(problem: Problem): boolean {
  return problem.kind === 'network' || problem.kind === 'busy' || problem.kind === 'slow';
}

export function asProblem(error: unknown): Problem {
  // httpResource wraps what is no Error, and keeps it as the cause.
  const cause = error instanceof Error && error.cause ? error.cause : error;
  if (!(cause instanceof HttpErrorResponse)) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    return { kind: 'failed', status: 0, title: '', detail, requestId: '', retryAfter: null };
  }
  const body = parse(cause.error);
  const wait = Number(cause.headers?.get('Retry-After'));
  return {
    kind: KINDS[cause.status] ?? 'failed',
    status: cause.status,
    title: text(body['title']),
    detail: detailOf(body['detail']),
    requestId: text(body['request_id']) || (cause.headers?.get('X-Request-Id') ?? ''),
    retryAfter: wait > 0 ? wait : null,
  };
}

/** Seconds until the nth try: 2, 4, 8, … 60, or what the server asks for. */
export function backOff(attempt: number, retryAfter: number | null): number {
  return Math.max(retryAfter ?? 0, Math.min(60, 2 ** Math.min(attempt, 6)));
}

function parse(body: unknown): Record<string, unknown> {
  if (typeof body === 'string') {
    try {
      return parse(JSON.parse(body));
    } catch {
      return {};
    }
  }
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Of validation errors, which come as a list, each with its field. */
function detailOf(detail: unknown): string {
  if (!Array.isArray(detail)) return text(detail);
  return detail
    .map((each: { loc?: unknown[]; msg?: string }) =>
      [each.loc?.at(-1), each.msg].filter(Boolean).join(': '),
    )
    .join('; ');
}
