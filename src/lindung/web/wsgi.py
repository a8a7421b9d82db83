"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lindung.web.settings")
application = get_wsgi_application()
_ = get_resolver().url_patterns  # load every page now, so that the first visitor does not wait for it
