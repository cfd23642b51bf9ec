/* Bylines and also-read stories keep the order in which they were picked: the choice that was
   made last becomes the list's last option, and a form posts its options in their order. */
django.jQuery(document).on("select2:select", "select.admin-autocomplete[multiple]", function (event) {
  const picked = [...this.options].find((option) => option.value === String(event.params.data.id))
  if (picked) this.append(picked)
  django.jQuery(this).trigger("change")
})
