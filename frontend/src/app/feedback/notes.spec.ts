import { TestBed } from '@angular/core/testing';
import { about } from '../../testing/fixtures';
import { Notes } from './notes';

function show(inputs: Record<string, unknown>): HTMLElement {
  const fixture = TestBed.createComponent(Notes);
  for (const [name, value] of Object.entries(inputs)) fixture.componentRef.setInput(name, value);
  TestBed.tick();
  return fixture.nativeElement as HTMLElement;
}

describe('Notes', () => {
  it('says why there is nothing even where the server does not', () => {
    expect(show({ about: about(), alone: true }).textContent).toContain('nothing to show');
    expect(show({ about: about() }).textContent.trim()).toBe('');
  });
});
