/** Where an answer comes from, with the day on which it was checked, and pages to go on to. */
import { dayIn } from "./dates.js";
import { make } from "./dom.js";
import { link } from "./safe-html.js";

/** @typedef {import("./words.js").Words} Words */

/** Sources, then the links that are not sources; a link's title goes before the source's own.
 * @param {import("./shapes.js").Answer} answer @param {Words} words */
export function sourceList({ sources, links }, words) {
  const named = new Map(links.map(({ url, title }) => [url, title]));
  const read = new Set(sources.map(({ url }) => url));
  const from = sources.map((each) => make("li", {}, sourceLine({ ...each, title: named.get(each.url ?? "") ?? each.title }, words)));
  const further = links.filter(({ url }) => !read.has(url)).map(({ url, title }) => make("li", {}, link(url, title)));
  return make("footer", {},
    further.length > 0 && make("section", {}, make("h4", {}, words.say("links")), make("ul", { class: "links" }, ...further)),
    from.length > 0 && make("section", {}, make("h4", {}, words.say("sources")), make("ul", { class: "sources" }, ...from)));
}

/** @param {import("./shapes.js").Source} source @param {Words} words */
export function sourceLine({ url, title, checked_on, page_date }, words) {
  const checked = make("time", { datetime: checked_on }, words.say("checked", { date: dayIn(words, checked_on) }));
  const page = page_date && (page_date.startsWith("undated") ? words.say("undated") : words.say("page_date", { date: dayIn(words, page_date) }));
  return make("span", {}, link(url, title), make("span", { class: "dates" }, checked, page && ` · ${page}`));
}
