"""Reports: figures of questions and cases by month, municipality, topic and so on, with small counts suppressed."""
