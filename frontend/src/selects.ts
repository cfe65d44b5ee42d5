// What is shown to be copied is selected whole as soon as somebody goes to it.
export function startSelects(): void {
  document.addEventListener("focusin", (event) => {
    const field = event.target;
    if (field instanceof HTMLInputElement && field.matches("[data-selects]")) field.select();
  });
}
