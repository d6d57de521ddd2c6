import { Component, inject } from '@angular/core';
import { ActivatedRoute, RouterLink } from '@angular/router';
import { Api } from '../api/api';
import { ViewState } from '../feedback/view-state';
import { scrollToFragment } from '../ui/scroll-to-fragment';

/** What the figures mean at this site; each term has an anchor, `definitions#availability`. */
@Component({
  selector: 'te-definitions',
  imports: [RouterLink, ViewState],
  templateUrl: './definitions.html',
  styleUrl: './definitions.scss',
})
export class Definitions {
  protected readonly view = inject(Api).resource('definitions', () => ({}), { filtered: false });
  protected readonly fragment = scrollToFragment(inject(ActivatedRoute), this.view.value);
}
