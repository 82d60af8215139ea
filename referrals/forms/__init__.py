"""Forms of the pages. They ask for the same facts as REST; what is right is judged by the acts."""
