"""Past one machine: the same kernel as (file, row group) tasks on an existing engine, Dask or Spark.

    from lindung.law.columns.cluster import assess_on

Neither engine is imported, nor needs to be installed, before it is asked for.
"""

from __future__ import annotations

from .assessing import Engine, assess_on
from .errors import ClusterError
from .tasks import files_of

__all__ = ["ClusterError", "Engine", "assess_on", "files_of"]
