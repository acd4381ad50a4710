/** Suggestions under the slash box, from the commands of the app's manifest. */
import { el, fill } from "./dom.js";

export class Suggestions {
  #matches = [];
  #chosen = 0;

  /**
   * @param {HTMLTextAreaElement} box
   * @param {HTMLElement} list a listbox, hidden while there is nothing to suggest
   * @param {() => {command: string, description: string, usage_hint?: string}[]} commands
   */
  constructor(box, list, commands) {
    this.box = box;
    this.list = list;
    this.commands = commands;
    box.addEventListener("input", () => this.#renew());
    // Before the composer's own listener: a key that chooses a suggestion must not send the message.
    box.addEventListener("keydown", (event) => this.#key(event), { capture: true });
    box.addEventListener("blur", () => setTimeout(() => this.#show([]), 150));
  }

  #renew() {
    const typed = this.box.value;
    const word = typed.split(/\s/, 1)[0].toLowerCase();
    if (!typed.startsWith("/")) this.#show([]);
    else if (typed.length > word.length) this.#show(this.commands().filter((one) => one.command === word));
    else this.#show(this.commands().filter((one) => one.command.startsWith(word)));
  }

  get #completing() {
    return !/\s/.test(this.box.value);
  }

  #show(matches) {
    this.#matches = matches;
    this.#chosen = 0;
    fill(this.list, ...matches.map((one, index) => this.#row(one, index)));
    this.list.hidden = matches.length === 0;
    this.box.setAttribute("aria-expanded", String(matches.length > 0));
    this.#mark();
  }

  #row(one, index) {
    const choose = (event) => {
      event.preventDefault(); // the box keeps the focus
      this.#choose(index);
    };
    return el(
      "li",
      { role: "option", id: `command-${index}`, onpointerdown: choose },
      el("strong", {}, one.command),
      one.usage_hint && el("code", {}, one.usage_hint),
      el("span", { class: "hint" }, one.description),
    );
  }

  #mark() {
    [...this.list.children].forEach((row, index) => row.setAttribute("aria-selected", String(this.#completing && index === this.#chosen)));
    if (this.#matches.length) this.box.setAttribute("aria-activedescendant", `command-${this.#chosen}`);
    else this.box.removeAttribute("aria-activedescendant");
  }

  #choose(index) {
    this.box.value = `${this.#matches[index].command} `;
    this.box.focus();
    this.#renew();
  }

  #key(event) {
    if (!this.#matches.length) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const typed = this.box.value.trim();
    if (event.key === "Escape") this.#show([]);
    else if (step && this.#completing) this.#chosen = (this.#chosen + step + this.#matches.length) % this.#matches.length;
    else if (event.key === "Tab" && this.#completing) this.#choose(this.#chosen);
    else if (event.key === "Enter" && this.#completing && this.#matches[this.#chosen].command !== typed) this.#choose(this.#chosen);
    else {
      if (event.key === "Enter") this.#show([]);
      return;
    }
    event.preventDefault();
    this.#mark();
  }
}
