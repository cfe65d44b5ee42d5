"""Addresses of people and organizations: lists, saved filters, their pages, and records that stand twice."""

from __future__ import annotations

from django.urls import path

from muster.web import organizations_list, people_list, saved_filters

urlpatterns = [
    path("areas/<str:code>/people", people_list.show_people, name="people"),
    path("areas/<str:code>/people/export", people_list.export_people, name="export_people"),
    path("areas/<str:code>/organizations", organizations_list.show_organizations, name="organizations"),
    path("areas/<str:code>/organizations/export", organizations_list.export_organizations, name="export_organizations"),
    path("areas/<str:code>/filters", saved_filters.save, name="save_filter"),
    path("areas/<str:code>/filters/<int:number>/rename", saved_filters.rename, name="rename_filter"),
    path("areas/<str:code>/filters/<int:number>/delete", saved_filters.delete, name="delete_filter"),
]
