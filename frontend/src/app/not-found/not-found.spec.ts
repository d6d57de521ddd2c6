import { TestBed } from '@angular/core/testing';
import { providePage } from '../../testing/provide';
import { NotFound } from './not-found';

it('NotFound leads to the start page', () => {
  TestBed.configureTestingModule({ providers: providePage() });
  const element = TestBed.createComponent(NotFound).nativeElement as HTMLElement;
  TestBed.tick();
  expect(element.querySelector('a')?.getAttribute('href')).toBe('/');
});
