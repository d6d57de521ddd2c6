import { TestBed } from '@angular/core/testing';
import type { Problem } from '../api/problem';
import { ProblemNotice } from './problem-notice';

const PROBLEM: Problem = {
  kind: 'network',
  status: 0,
  title: '',
  detail: 'Connection refused',
  requestId: 'r-1',
  retryAfter: null,
};

function show(inputs: Record<string, unknown>): HTMLElement {
  const fixture = TestBed.createComponent(ProblemNotice);
  for (const [name, value] of Object.entries(inputs)) fixture.componentRef.setInput(name, value);
  TestBed.tick();
  return fixture.nativeElement as HTMLElement;
}

describe('ProblemNotice', () => {
  it('says what happened, what becomes of it, and by which number to ask', () => {
    const text = show({ problem: PROBLEM }).textContent;
    expect(text).toContain('The server cannot be reached');
    expect(text).toContain('The page tries again by itself.');
    expect(text).toContain('r-1');
  });

  it('does not offer to repeat what has no answer', () => {
    const problem = { ...PROBLEM, kind: 'invalid', detail: 'W9 is no plant.' };
    const element = show({ problem });
    expect(element.textContent).toContain('W9 is no plant.');
    expect(element.querySelector('button')).toBeNull();
  });

  it('speaks the language of the page where the server only names its status', () => {
    const problem = { ...PROBLEM, kind: 'missing', status: 404, title: 'Not Found' };
    expect(show({ problem }).textContent).not.toContain('Not Found');
  });
});
