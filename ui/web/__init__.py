"""The web page: FastAPI with Easel's routes, and Chainlit behind them as a thin face.

`ui.web.server.serve` is the door. Jobs, pictures and sessions live in the other folders and would survive another
face; what is here is how they are shown and who may ask.

    server      listens, opens and closes
    app         puts the parts together
    guards      Host, Origin, sizes; access: the table of routes
    routes      pictures, previews, buttons, uploads
    chat        the socket: messages, Stop, coming back
    turns       the running turns, owned by the server
    view        events to widgets
    data_layer  Chainlit's view of the Library
    page        Chainlit's folder and its index
    public/     theme, style, logo and the cards
"""
