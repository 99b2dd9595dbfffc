// The button is there for who can use it; every browser prints from its menu.
const button = document.querySelector("#print");
button.hidden = false;
button.addEventListener("click", () => print());
