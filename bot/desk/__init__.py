"""The desk: web pages for experts, counsellors and administrators."""
