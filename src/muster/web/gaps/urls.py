"""Addresses of gaps and of the clocks that move them on."""

from __future__ import annotations

from django.urls import path

from muster.web.gaps import acting, screens, setting

urlpatterns = [
    path("gaps/<str:code>", screens.show_gaps, name="gaps"),
    path("gap/<int:number>/acknowledge", acting.take_step, {"act": "acknowledge"}, name="acknowledge_gap"),
    path("gap/<int:number>/take", acting.take_step, {"act": "take"}, name="take_gap"),
    path("gap/<int:number>/give-back", acting.take_step, {"act": "give_back"}, name="give_back_gap"),
    path("gap/<int:number>/close", acting.take_step, {"act": "close"}, name="close_gap"),
    path("clocks/<str:code>", setting.show_clocks, name="clocks"),
]
