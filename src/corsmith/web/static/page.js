"use strict";
// Without this script the form works as any form does. With it the answer comes without leaving the page.
const form = document.getElementById("ask");
const result = document.getElementById("result");

async function ask(event) {
  event.preventDefault();
  const button = form.querySelector("button");
  const label = button.textContent;
  button.disabled = true;
  button.textContent = "Asking…";
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: { "x-part": "result" },
    });
    // The server escapes whatever strangers wrote; the policy of this page runs no script that stands in it.
    result.innerHTML = await answer.text();
  } catch {
    result.textContent = "The tester could not be reached.";
  } finally {
    button.disabled = false;
    button.textContent = label;
  }
  offerCopies();
  result.focus();
}

function offerCopies() {
  if (!navigator.clipboard) return;
  for (const block of document.querySelectorAll("#result pre, article.page pre")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(block.textContent);
      button.textContent = "Copied";
    });
    block.after(button);
  }
}

if (form && result) form.addEventListener("submit", ask);
offerCopies();
