"""How gunicorn's own lines are written: as the site's are, and with nothing of a request."""

from typing import Any

from gunicorn.glogging import Logger

from newsroom.logs import JsonLines


class JsonLogger(Logger):
    """Gunicorn's logger; with `logconfig_dict` instead, an access log would be written as well."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(JsonLines())
