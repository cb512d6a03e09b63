from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Static files under names that carry their content, the modules that scripts import too."""

    support_js_module_import_aggregation = True
    max_post_process_passes = 20  # as deep as modules import each other
