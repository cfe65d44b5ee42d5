"""Addresses of imports."""

from __future__ import annotations

from django.urls import path

from muster.web.imports import files, screens

urlpatterns = [
    path("", screens.show_imports, name="imports"),
    path("bring", screens.bring_list, name="bring"),
    path("templates/<slug:kind>.xlsx", files.download_template, name="import_template"),
    path("<int:number>", screens.show_import, name="import"),
    path("<int:number>/progress", screens.show_progress, name="import_progress"),
    path("<int:number>/sheet", screens.choose_list_sheet, name="import_sheet"),
    path("<int:number>/columns", screens.confirm_list_columns, name="import_columns"),
    path("<int:number>/cells", screens.mend_cells, name="import_cells"),
    path("<int:number>/take", screens.take_list, name="import_take"),
    path("<int:number>/drop", screens.drop_list, name="import_drop"),
    path("<int:number>/undo", screens.undo_import, name="import_undo"),
    path("<int:number>/rejects.xlsx", files.download_rejects, name="import_rejects"),
]
