// A part of a page as the server draws it; `name` says which, where the page has several.

export async function part(url, name = "1") {
  const address = new URL(url, location.href);
  address.searchParams.set("part", name);
  const answer = await fetch(address);
  if (!answer.ok || answer.redirected) throw new Error(`the server answered ${answer.status}`);
  const read = document.createElement("template");
  read.innerHTML = await answer.text();
  return read.content;
}
