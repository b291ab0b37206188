// A part of a page as the server draws it.

export async function part(url) {
  const address = new URL(url, location.href);
  address.searchParams.set("part", "1");
  const answer = await fetch(address);
  if (!answer.ok || answer.redirected) throw new Error(`the server answered ${answer.status}`);
  const read = document.createElement("template");
  read.innerHTML = await answer.text();
  return read.content;
}
