"""Addresses of people and organizations: lists, saved filters, their pages, and records that stand twice."""

from __future__ import annotations

from django.urls import path, register_converter

from muster.web import duplicates, organizations_list, people, people_list, picking, saved_filters


class KindConverter:
    """People or organizations, as a part of an address."""

    regex = "people|organizations"

    def to_python(self, value: str) -> str:
        """Return it as it stands."""
        return value

    def to_url(self, value: str) -> str:
        """Return it as it stands."""
        return value


class PickedConverter(KindConverter):
    """What a field may name, as a part of an address."""

    regex = "organizations|areas|people"


register_converter(KindConverter, "kind")
register_converter(PickedConverter, "picked")

urlpatterns = [
    path("suggestions/<picked:kind>", picking.suggest, name="suggest"),
    path("areas/<str:code>/people", people_list.show_people, name="people"),
    path("areas/<str:code>/people/export", people_list.export_people, name="export_people"),
    path("areas/<str:code>/organizations", organizations_list.show_organizations, name="organizations"),
    path("areas/<str:code>/organizations/export", organizations_list.export_organizations, name="export_organizations"),
    path("organizations/<str:code>/offer", people.offer_people, name="change_offer"),
    path("people/<str:code>/phone", people.show_phone, name="phone"),
    path("areas/<str:code>/filters", saved_filters.save, name="save_filter"),
    path("areas/<str:code>/filters/<int:number>/rename", saved_filters.rename, name="rename_filter"),
    path("areas/<str:code>/filters/<int:number>/delete", saved_filters.delete, name="delete_filter"),
    path("areas/<str:code>/duplicates/<kind:kind>", duplicates.show_duplicates, name="duplicates"),
    path("duplicates/<int:number>/undo", duplicates.undo, name="undo_merge"),
    path("duplicates/<kind:kind>/<str:code>", duplicates.show_comparison, name="compare"),
    path("duplicates/<kind:kind>/<str:code>/merge", duplicates.merge, name="merge"),
    path("duplicates/<kind:kind>/<str:code>/apart", duplicates.keep_apart, name="keep_apart"),
]
