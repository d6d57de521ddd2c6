import { Component } from '@angular/core';
import { RouterLink } from '@angular/router';

@Component({
  selector: 'te-not-found',
  imports: [RouterLink],
  template: `
    <h1 i18n="@@notFound.heading">There is no such page</h1>
    <p><a [routerLink]="['/']" i18n="@@notFound.start">To the start page</a></p>
  `,
})
export class NotFound {}
