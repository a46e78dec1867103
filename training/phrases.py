# ruff: noqa: E501, W291 (lists of words; wrapped lines would say no more)
"""The words that generated dialogues are made of: things, places, ways of asking, sentences of small talk.

Plain lists, no logic. `dialogues.py` draws from them; every list longer than a few entries is split by a hash of its entries, so that an eighth
of the phrasings and an eighth of the nouns never appear in training and measure it instead. Slots are written `{prompt}`, `{ref}`, …
"""

# fmt: off
NOUNS = """fox cat dog tiger lion bear rabbit owl parrot penguin whale shark octopus jellyfish turtle frog lizard dragon unicorn phoenix robot astronaut
knight wizard pirate ninja samurai princess queen king mermaid ghost skeleton zombie vampire witch fairy giant dwarf elf monk nun farmer fisherman chef dancer
violinist guitarist boxer cyclist runner child girl boy man woman couple family crowd grandmother grandfather baby lighthouse castle cottage cabin barn windmill temple pagoda
cathedral church mosque tower bridge skyscraper city village market street alley harbour pier beach island cliff mountain volcano glacier waterfall river lake pond forest
jungle desert meadow garden greenhouse vineyard orchard tree oak willow cactus bonsai flower rose tulip sunflower lotus mushroom fern car truck bus tram train locomotive
bicycle motorcycle scooter tractor boat sailboat ship submarine canoe airplane helicopter balloon rocket spaceship satellite planet moon comet galaxy nebula telescope
teapot cup mug bottle vase lamp lantern candle clock watch book library bookshelf typewriter camera radio piano violin guitar drum trumpet umbrella hat scarf boot sneaker
backpack suitcase chair armchair sofa table bed kitchen bathroom window door staircase fireplace pizza burger sandwich cake cupcake donut croissant pancake sushi ramen soup
salad apple pear lemon orange banana strawberry cherry pumpkin carrot tomato avocado pineapple coffee tea snowman scarecrow statue fountain carousel kite puppet teddy toy
horse cow pig sheep goat chicken duck swan goose flamingo peacock eagle raven crow hummingbird butterfly bee ladybug spider snail crab lobster goldfish seahorse dolphin
elephant giraffe zebra hippo rhino monkey gorilla panda koala kangaroo camel llama deer moose wolf squirrel hedgehog raccoon otter beaver mouse hamster logo icon poster map
face hand eye portrait landscape emoji sticker crystal diamond sword shield crown treasure key mirror balloonist gardener postman sailor surfer skateboarder scientist nurse
doctor teacher student clown magician detective cowboy viking gladiator mummy alien cyborg golem kraken griffin pegasus minotaur sphinx yeti""".split()

ADJECTIVES = """red blue green yellow orange purple pink black white golden silver turquoise tiny small big huge giant old young ancient modern broken rusty shiny glowing dark
bright sleepy happy sad angry lonely brave curious fluffy furry wooden stone glass metal paper ceramic transparent striped spotted round square cute scary cozy abandoned haunted
magical futuristic steampunk cyberpunk medieval vintage minimalist cartoon realistic chubby elegant mysterious frozen burning floating flying smiling crying one-eyed three-legged
upside-down tired grumpy wet dusty snowy misty neon pastel emerald crimson ivory scruffy fat skinny tall muscular wise evil friendly""".split()

PLACES = """in the snow|in the rain|on the beach|at sunset|at night|at dawn|under the stars|in a forest|in the desert
|on a mountain top|by the sea|by a lake|in space|on the moon|on mars|under water|in a field of flowers
|in a city street|in tokyo|in paris|in front of a castle|next to a lighthouse|on a wooden table|on a windowsill
|in a cozy room|in a library|at a market|in a kitchen|in a bathtub|on a rooftop|in a storm|in the fog|in autumn
|in winter|during a thunderstorm|in a garden|in the middle of nowhere|on a blue background|on a white background
|against a red sky|surrounded by candles|between two trees|above the clouds|behind a fence|left of a tree
|to the right of a small house|on top of a pile of books|inside a snow globe|in a jar|at a bus stop
|in an old train station|on a swing|at the bottom of the ocean|in ancient rome|in a neon alley|near a waterfall
|under a bridge|in a cornfield|with a full moon behind it|in the evening light|at golden hour|on christmas eve
|in a crowded cafe|over the rooftops|along the river|down by the docks""".replace("\n", "").split("|")

DOING = """sleeping|dancing|reading a book|playing chess|playing the violin|drinking coffee|eating spaghetti
|riding a bicycle|riding a horse|driving a tractor|wearing a top hat|wearing sunglasses|holding an umbrella
|holding a red balloon|carrying a lantern|looking at the moon|looking out of the window|climbing a tree
|jumping over a fence|swimming|flying|surfing a big wave|fighting a dragon|baking bread|painting a picture
|singing|laughing|crying|waiting for the bus|walking a dog|chasing a butterfly|building a sandcastle
|repairing a clock|taking a selfie|floating in a bubble|sitting on a bench|standing on one leg|hiding in a box
|juggling oranges|selling flowers|having tea|on fire|made of glass|made of lego|made entirely of cheese
|with huge wings|with blue eyes|with a crown|with a long beard|full of stars|covered in moss|covered in ivy
|wrapped in a blanket|smoking a pipe|blowing bubbles""".replace("\n", "").split("|")

MEDIA = """an oil painting of|a watercolour of|a pencil sketch of|a photo of|a photograph of|a portrait of|a close-up of
|a cartoon of|pixel art of|an aerial view of|a logo with|a poster of|a stamp with|an icon of
|a low poly render of|a macro shot of|a silhouette of|a woodcut of|a stained glass window showing
|a children's book illustration of|concept art of|a blueprint of|a side view of|a sticker of|an old map of
|a comic panel of|a clay figure of|a charcoal drawing of|a map of|a collage of|a postcard from
|a movie poster for|a book cover about|a birthday card with""".replace("\n", "").split("|")

TAGS = """golden hour|highly detailed|soft light|volumetric light|8k|bokeh|cinematic|sharp focus|muted colours
|pastel palette|dramatic lighting|studio lighting|wide angle|85mm|film grain|minimalist|vivid colors|isometric
|long shadows|misty|backlit|symmetrical|trending|flat colours|thick outlines|high contrast|warm tones|cold light
|moody|dreamy|shallow depth of field|centered""".replace("\n", "").split("|")

STYLES = """watercolour|watercolor|oil paint|pixel art|pencil sketch|charcoal|ukiyo-e|art nouveau|art deco|impressionist
|cubist|pop art|anime|comic book|claymation|origami|low poly|vaporwave|synthwave|gothic|baroque|bauhaus
|minimalist|photorealistic|film noir|stained glass|mosaic|woodcut|linocut|crayon|chalk|graffiti|stencil
|embroidery|papercut|cartoon|surrealist|expressionist|retro poster|line art|van gogh|monet|hokusai|studio ghibli
|japanese ink|soviet poster|children's book|3d render|isometric|blueprint|polaroid|sepia|tarot card|risograph""".replace("\n", "").split("|")

ABSTRACT = """loneliness|the feeling of summer|my grandmother's kitchen|hope|time passing|what the wind sounds like
|the last day of school|jealousy|silence after snow|home|the smell of rain|chaos and order|monday morning
|a dream within a dream|infinity|the colour of music|friendship|the end of the world|old age|nostalgia|spring
|a memory of the sea|anger|the number seven""".replace("\n", "").split("|")

SCENERY = """waves crash on the rocks below|gulls circle in the sky|the sky is full of dark clouds
|a thin moon hangs over the hills|smoke rises from the chimney|children play in the street
|the windows glow warm and yellow|long shadows fall across the grass|in the background there is a row of poplars
|rain runs down the glass|far away a train crosses a bridge|fallen leaves cover the path
|lanterns hang from every branch|a cat watches from the wall|the water is perfectly still
|two old men play cards at a table|soft orange light from the left|everything is covered in frost
|fireflies drift between the trees|a red kite is caught in the branches|the road leads to a distant castle
|steam curls up from a cup of tea|dust dances in the sunbeam|her hair is braided with flowers
|his coat is patched and too big|snow is falling softly|the colours are muted blues and greys
|it feels calm and a little sad|a single boat is tied to the pier|neon signs reflect in the puddles
|mountains rise behind the town|birds sit on the wires|there is a half eaten apple on the table
|the curtains move in the wind|an open book lies on the floor|ivy climbs over the door""".replace("\n", "").split("|")

NEGATIVES = """people|text|a watermark|watermarks|cars|any text|clouds|trees|animals|buildings|blur|noise|borders|a frame
|letters|words|logos|humans|faces|extra fingers|hands|snow|shadows|blood|weapons|a signature|signatures
|too many colours|red|background clutter|any people|a hat|glasses|birds|grass|furniture""".replace("\n", "").split("|")

PRESETS = """flux|flux-klein|flux.2-klein-4b|sdxl|sdxl-lightning|z-image-turbo|z-image|qwen-image|embedded|turbo|klein
|lightning|sd-turbo|playground|big|fast""".replace("\n", "").split("|")

# ------------------------------------------------------------------------------------------------------------- asking for a picture
DRAW = """draw {prompt}|{prompt}|paint {prompt}|can you draw {prompt}|make a picture of {prompt}|draw me {prompt}|paint me {prompt}|i want {prompt}
|i want a picture of {prompt}|i'd like {prompt}|i would like a picture of {prompt}|can you draw {prompt}
|could you draw {prompt}|could you draw me {prompt}|can you make {prompt}|make {prompt}|make me {prompt}
|make a picture of {prompt}|make an image of {prompt}|create {prompt}|create an image of {prompt}
|generate {prompt}|generate an image of {prompt}|generate a picture showing {prompt}|show me {prompt}
|show me what {prompt} looks like|{prompt}|{prompt}|{prompt}|picture of {prompt}|a picture of {prompt}
|an image of {prompt}|image: {prompt}|sketch {prompt}|design {prompt}|render {prompt}|illustrate {prompt}
|give me {prompt}|give me a picture of {prompt}|let's see {prompt}|let's have {prompt}|let's do {prompt}
|how about {prompt}|what about {prompt}|what would {prompt} look like|i need {prompt}
|i need an image of {prompt}|i need {prompt} for my blog|i need a drawing of {prompt} for a birthday card
|would you paint {prompt}|would you mind drawing {prompt}|would it be possible to get {prompt}
|is it possible to draw {prompt}|imagine {prompt}|please draw {prompt}|please create {prompt}
|please make me a picture of {prompt}|now draw {prompt}|now {prompt}|next: {prompt}|next, {prompt}
|next one: {prompt}|then draw {prompt}|a drawing of {prompt}|a new picture: {prompt}|new picture, {prompt}
|new one: {prompt}|new image of {prompt}|do {prompt}|do me {prompt}|can i get {prompt}|can i have {prompt}
|could i see {prompt}|may i have a picture of {prompt}|my daughter wants {prompt}|my son asked for {prompt}
|it's for my wife: {prompt}|for my homework i need {prompt}|i'm thinking of {prompt}
|i was thinking about {prompt}|something like {prompt}|maybe {prompt}|try {prompt}|try drawing {prompt}
|start with {prompt}|first draw {prompt}|begin with a picture of {prompt}|put together a picture of {prompt}
|come up with {prompt}|whip up {prompt}|produce an illustration of {prompt}|whats {prompt} look like
|i wanna see {prompt}|gimme {prompt}|gimme a pic of {prompt}|draw pls: {prompt}|a pic of {prompt}
|pic of {prompt}|make pic {prompt}|hit me with {prompt}|we need {prompt}|we'd love {prompt}
|i feel like {prompt} today|surprise me with {prompt}|visualize {prompt}|visualise {prompt} for me
|depict {prompt}|draw a scene with {prompt}|draw a scene: {prompt}|here is what i want: {prompt}
|prompt: {prompt}|/draw {prompt}|i'd love to see {prompt}|love to get {prompt}|can u do {prompt}
|u can draw {prompt}?|let me see {prompt}|let us try {prompt}|draw something like {prompt}|draw a quick {prompt}
|could we have {prompt}|could we try {prompt}|in this one i want {prompt}|i want to see {prompt}
|make it a picture of {prompt}|start over with {prompt}|forget that, draw {prompt}|actually, {prompt}
|no, i meant {prompt}|no, {prompt} instead|instead draw {prompt}|scrap that and draw {prompt}
|different idea: {prompt}|something else: {prompt}|how hard is it to draw {prompt}
|are you able to paint {prompt}|could you come up with an image of {prompt}
|the next picture should show {prompt}|it should show {prompt}|the picture shows {prompt}|this time {prompt}
|this time draw {prompt}|and now {prompt}|and also draw {prompt}|also {prompt}|bring me {prompt}|get me {prompt}
|whip me up {prompt}|compose {prompt}|craft an image of {prompt}""".replace("\n", "").split("|")

DRAW += """i was hoping you'd draw {prompt}|would love it if you painted {prompt}|do you think you could draw {prompt}|any chance of {prompt}|create: {prompt}|image idea: {prompt}|completely different now: {prompt}
|for a post about gardening i need this: {prompt}|i need a header for an article on travel: {prompt}|idea: {prompt}|my idea is {prompt}|a request: {prompt}|here's one: {prompt}|please paint the following: {prompt}|the scene: {prompt}
|i have this in mind: {prompt}|this is the scene: {prompt}|we are doing a school play, i need {prompt}|could you perhaps draw {prompt}|maybe you could sketch {prompt}|i wonder what {prompt} would look like|it'd be cool to have {prompt}
|think of {prompt}|let me have {prompt}|ok new one, {prompt}|change of plan, {prompt}|moving on: {prompt}|one with {prompt}""".replace("\n", "").split("|")
DRAW_SHAPED = {
    "wide": "a desktop background of {prompt}|a banner showing {prompt}|a panorama of {prompt}|a wide view of {prompt}|a website header with {prompt}|a cover photo of {prompt}|a widescreen picture of {prompt}|make a wide banner of {prompt}".split("|"),
    "tall": "a lock screen with {prompt}|a bookmark showing {prompt}|a tall poster of {prompt}|a phone background of {prompt}|an instagram story with {prompt}|a vertical poster with {prompt}|a phone wallpaper of {prompt}".split("|"),
    "square": "an avatar of {prompt}|a square tile with {prompt}|a profile picture of {prompt}|a square app icon with {prompt}".split("|"),
}
DRAW_COUNT = """draw {count} pictures of {prompt}|{count} pictures of {prompt}|give me {count} versions of {prompt}
|make {count} images of {prompt}|{count} versions of {prompt}|{count} takes on {prompt}
|show me {count} options for {prompt}|draw {prompt}, {count} times|draw {prompt} {count} times
|{prompt}, {count} of them|{prompt} x{count}|{prompt}, {count} versions please
|generate {count} variants of {prompt}|i want {count} different pictures of {prompt}
|i need {count} images of {prompt}|can you make {count} drawings of {prompt}|paint {prompt}, {count} versions
|{prompt}. {count} options please|create {count} alternatives for {prompt}|{count} pics of {prompt}
|could i get {count} pictures of {prompt}|let me choose from {count}: {prompt}|try {prompt} in {count} versions
|{count} different ones of {prompt}|make me {count} of {prompt}|{count}x {prompt}|{prompt}, give me {count}
|{prompt}; {count} pictures|a set of {count} images of {prompt}|draw {count} different images: {prompt}
|do {count} attempts at {prompt}""".replace("\n", "").split("|")

DRAW_ASPECT = """draw a {aspect} picture of {prompt}|a {aspect} picture of {prompt}|a {aspect} image of {prompt}
|make a {aspect} image of {prompt}|paint {prompt} in {aspect} format|{prompt}, {aspect}|{prompt} ({aspect})
|{prompt}, {aspect} format|draw {prompt}, {aspect} please|i want {prompt}, {aspect}|{aspect}: {prompt}
|generate a {aspect} picture showing {prompt}|{prompt} in {aspect} orientation
|give me {prompt}, make it {aspect}|create {prompt} - {aspect}|draw {prompt}. it should be {aspect}
|{prompt}. {aspect} please|i need a {aspect} illustration of {prompt}|show me {prompt} in a {aspect} frame
|make {prompt}, {aspect} picture""".replace("\n", "").split("|")
ASPECTS = {
    "wide": """wide|landscape|horizontal|16:9|widescreen|panoramic|panorama|broad|3:2|very wide|landscape-format|21:9
|desktop-size""".replace("\n", "").split("|"),
    "tall": """tall|portrait|vertical|9:16|upright|2:3|high|phone-size|portrait-format|very tall|3:4 vertical""".replace("\n", "").split("|"),
    "square": "square|1:1|squared|square-format".split("|"),
}
ASPECT_TAILS = {
    "wide": """as a desktop wallpaper|as a banner|for my website header|in landscape format|in 16:9|as a wide image
|in wide format|for a youtube thumbnail|wide format|landscape orientation|as a panorama
|for my desktop background|as a cover image for facebook|16:9""".replace("\n", "").split("|"),
    "tall": """as a phone wallpaper|as a bookmark|for my phone|in portrait format|in 9:16|for an instagram story
|as a tall poster|in tall format|portrait orientation|as a lock screen|as a vertical image|for my lockscreen
|9:16|as a poster, upright""".replace("\n", "").split("|"),
    "square": """as an avatar|as a profile picture|in square format|as an album cover|for instagram, square|square format
|as an app icon, square|1:1|as a square""".replace("\n", "").split("|"),
}
NEGATIVE_TAILS = """without {negative}|, without {negative}|, no {negative}|, but no {negative}|, and no {negative}
|but without {negative}|and please no {negative}|. no {negative}|. avoid {negative}|, avoid {negative}
|, don't include {negative}|. there should be no {negative}|. leave out {negative}|, minus {negative}
|(no {negative})|. don't draw {negative}|, i don't want {negative}|, i dont want {negative} in it
|. please without {negative}|, free of {negative}|; negative: {negative}|. negative prompt: {negative}
|, skip {negative}|. not {negative}|- no {negative}""".replace("\n", "").split("|")
SEED_TAILS = """, seed {seed}|with seed {seed}|using seed {seed}|(seed {seed})|. use seed {seed}|seed={seed}|, seed: {seed}
|and use the seed {seed}|. seed number {seed}|, with the seed {seed}|. the seed is {seed}
|, same seed as before: {seed}|; seed {seed}""".replace("\n", "").split("|")
STYLE_TAILS = """in {style} style|, {style} style|in the style of {style}|as {style}|, style: {style}|, in a {style} style
|in {style}|, done in {style}|. style {style}|. i want it in {style} style|, painted in the style of {style}
|, {style} look|in a {style} look""".replace("\n", "").split("|")
SIZE_TAILS = """, {size}|at {size}|in {size}|({size})|, size {size}|, {size} pixels|, {size} please|with a size of {size}
|. make it {size}|sized {size}|. size: {size}|, {size} px|as a {size} image|. it must be {size}
|at {size} resolution""".replace("\n", "").split("|")
PRESET_TAILS = """with the {preset} preset|using the {preset} preset|, preset {preset}|with {preset}|using {preset}|. use {preset}
|on {preset}|, use the {preset} model|with the model {preset}|via {preset}|(preset: {preset})""".replace("\n", "").split("|")

# ------------------------------------------------------------------------------------------------------------------------- changing
ADDED = """a hat|a red scarf|sunglasses|a rainbow|a full moon|stars|clouds|snow|rain|a boat|a second cat|a tree on the left
|birds in the sky|flowers|a crown|wings|fireworks|a sunset|fog|a signpost|butterflies|a small dog|a lantern
|mountains in the background|a spaceship|a beard|a moustache|smoke|fire|a river|balloons|a cup of coffee
|a castle far away|candles|a reflection|puddles|a shadow|footprints|a window|a bow tie|headphones|a party hat""".replace("\n", "").split("|")
REMOVED = """the tree|the person on the left|the background|the text|the hat|the clouds|the car|the people|the moon|the fence
|the sign|the watermark|the building|the shadow|the second one on the right|the dog|that ugly lamp|the frame
|the logo|the bird""".replace("\n", "").split("|")
INTO = """night|day|winter|summer|autumn|spring|sunset|a rainy day|snowy|stormy|foggy|more colourful|more realistic
|more dramatic|warmer|colder|older|younger|scarier|cuter|happier|sadder|angry|blue|red|green|purple|golden
|underwater|on mars|steampunk|a cartoon|pixel art|a watercolour|an oil painting|a pencil drawing|more detailed
|less busy|fluffier|sleepy|rainy|dusk|dawn|a bit more mysterious|minimalist|dreamier|cyberpunk|christmas themed
|festive|spooky|medieval|futuristic|shiny|transparent""".replace("\n", "").split("|")
DOES = """glow|look like winter|look like a painting|look old|look like it's raining|wear a hat|hold a balloon|smile
|look to the left|face the other way""".replace("\n", "").split("|")  # what only "make it" goes with
TURN_INTO = """a dragon|a robot|a watercolour|a pencil sketch|a winter scene|a night scene|a cartoon|an oil painting|a wolf
|gold|stone|a cyberpunk city|pixel art|a zombie|a lego figure|a stained glass window|a comic|a pirate|a statue
|origami""".replace("\n", "").split("|")
PARTS = """the sky|the background|the eyes|the water|the grass|the hat|the walls|the car|the fur|the hair|the roof
|the light|the sea|the trees|the ground|the face|the flowers|the shirt|its tail|the door|the moon|the wings""".replace("\n", "").split("|")
TO = """purple|a beach|green|a starry night|bright red|gold|a forest|pink|stormy|something darker|black|blue|glowing
|a plain white wall|a city at night|autumn colours|lava|silver|made of glass|a sunset|turquoise|full of stars""".replace("\n", "").split("|")

# instruction templates: {i:...} is kept as the instruction; {ref} names the picture (and is left out).
EDIT_IT = """make {it} {into}|make {it} {into}|make {it} {into}|make {it} look {into}|turn {it} into {turned}
|change {it} to {turned}|put {added} on {it}|put {added} in {it}|give {it} {added}|transform {it} into {turned}
|make {it} a bit {into}|make {it} much more {into}|convert {it} to {turned}|redraw {it} as {turned}
|repaint {it} as {turned}|get {added} into {it}|get {it} to {does}""".replace("\n", "").split("|")
EDIT_WHOLE = """add {added}|add {added}|add {added} and {added2}|remove {removed}|remove {removed}|take away {removed}
|get rid of {removed}|delete {removed}|erase {removed}|change {part} to {to}|make {part} {to}|make {part} {to}
|paint {part} {to}|turn {part} {to}|replace {removed} with {added}|replace {part} with {added}
|swap {removed} for {added}|put {added} next to {removed}|put in {added}|draw {added} behind {removed}
|colour {part} {to}|color {part} {to}|set {part} on fire|insert {added}|hide {removed}
|give {part} a {adjective} touch|place {added} in the corner|more {adjective} light on {part}
|less light on {part}|fix {part}|fill {part} with {added}|add {added}, remove {removed}
|add {added} and make {part} {to}|change the season to winter|change the time of day to evening
|change the weather to rain|change the mood to something more {adjective}|add some {adjective} {noun}
|add a {noun}|add a {adjective} {noun}|add a {noun} {place}|remove the {noun}|remove the {adjective} {noun}
|replace the {noun} with a {noun2}|make the {noun} {adjective}|make the {noun} {into}
|turn the {noun} into a {noun2}|put a {noun} {place}|change the {noun} to a {noun2}|give the {noun} {added}
|the {noun} should be {adjective}|the {part2} should be {to}|swap the {noun} for a {noun2}
|paint the {noun} {adjective}""".replace("\n", "").split("|")
EDIT_SUBJECT = """put {added} on the {subject}|give the {subject} {added}|make the {subject} {adjective}
|make the {subject} wear {added}|turn the {subject} into {turned}|let the {subject} hold {added}
|add {added} next to the {subject}|can the {subject} have {added}|can the {subject} be {adjective}
|the {subject} should be {adjective}|the {subject} should have {added}|paint the {subject} {to}
|i want the {subject} {adjective}|make the {subject} {into}|what if the {subject} had {added}
|put {added} behind the {subject}|add {added} to the {subject}|place the {subject} {place}
|move the {subject} to the left|the {subject} needs {added}|make the {subject} look {adjective}
|could the {subject} be {doing}|let the {subject} be {doing}|have the {subject} {doing}
|what if the {subject} were {adjective}|surround the {subject} with {added}|draw {added} on the {subject}
|dress the {subject} in {added}|replace the {subject} with {turned}|swap the {subject} for {added}
|the {subject} in {to} please|remove everything but the {subject}""".replace("\n", "").split("|")
EDIT_CAN = """can {it} ~be {into}|could {it} ~be {into}|i want {it} ~{into}|i'd like {it} ~{into}|{it} should ~be {into}
|{it} should ~look {into}|{it} would be nicer ~{into}|what if {it} were ~{into}|can {it} ~have {added}
|{it} could use ~{added}|{it} needs ~{added}|{it} has to ~be {into}|i would prefer {it} ~{into}|can {it} ~look {into}
|{it} ought to ~look like {turned}|{it} should ~look like {turned}|{it} should ~have {added}|{it} must ~be {into}
|{it} has to ~look {into}|{it} would look better ~{into}|could {it} ~get {added}|does {it} work ~as {turned}
|would {it} look good ~{into}|i think {it} should ~be {into}|i think {it} needs ~{added}|shouldn't {it} ~be {into}
|can {it} please ~be {into}|i imagine {it} ~{into}|{it} might be better ~{into}|i see {it} more ~{into}|{it} should really ~be {into}
|couldn't {it} ~be {into}|how about {it} ~{into}|i'd rather have {it} ~{into}|{it} is missing ~{added}|what about {it} ~{into}""".replace("\n", "").split("|")
EDIT_NOUNS = """a stormy sky|{added}|a {adjective} sky|{adjective} {noun}s in the background|a {noun} in the corner|more snow
|less clutter|night instead of day|a different background|a {adjective} background|softer light
|thicker lines|brighter colours of the {noun}""".replace("\n", "").split("|")
# where the picture is named around an instruction
EDIT_AT = """{instruction} in {ref}|{instruction} to {ref}|in {ref}, {instruction}|on {ref} {instruction}
|for {ref}: {instruction}|{ref}: {instruction}|take {ref} and {instruction}|edit {ref}: {instruction}
|{instruction} on {ref}|please {instruction} in {ref}|could you {instruction} in {ref}
|i want you to {instruction} in {ref}|with {ref}, {instruction}|can you take {ref} and {instruction}
|change {ref}: {instruction}|use {ref} and {instruction}|let's take {ref}, {instruction}|{ref}, {instruction}
|go back to {ref} and {instruction}|back to {ref}, {instruction}|now {instruction} in {ref}
|in {ref} please {instruction}|could you edit {ref} and {instruction}|go with {ref} but {instruction}
|i like {ref} but {instruction}|i like {ref}. {instruction}""".replace("\n", "").split("|")
EDIT_HERE = """{instruction}|{instruction}|{instruction}|please {instruction}|can you {instruction}|could you {instruction}
|now {instruction}|and {instruction}|i want you to {instruction}|then {instruction}|nice, but {instruction}
|great, now {instruction}|not bad, {instruction}|ok but {instruction}|would you {instruction}
|i'd like you to {instruction}|let's {instruction}|maybe {instruction}|hmm, {instruction}|almost. {instruction}
|good start, {instruction}|also {instruction}|can u {instruction}|just {instruction}|next, {instruction}
|is it possible to {instruction}|it would be better to {instruction}|good, {instruction} now
|try to {instruction}|lovely! {instruction}|what if you {instruction}|what happens if you {instruction}""".replace("\n", "").split("|")
EDIT_NOUN_AT = """{instruction} on {ref}|{instruction} in {ref}|{instruction} for {ref}|{ref} with {instruction}
|{ref} but with {instruction}|i want {instruction} in {ref}|{ref} needs {instruction}
|{ref} should have {instruction}|could {ref} have {instruction}|can {ref} get {instruction}
|give {ref} {instruction}|can i have {ref} with {instruction}|{ref}, but with {instruction}
|how would {ref} look with {instruction}|show me {ref} with {instruction}""".replace("\n", "").split("|")
EDIT_BUT = """{ref}, but {instruction}|{ref} but {instruction}|{ref} again, but {instruction}|can i see {ref} {instruction}
|how would {ref} look {instruction}|i'd like {ref} {instruction}|show me {ref} {instruction}""".replace("\n", "").split("|")
BUT = """at night|in winter|in the rain|with snow|at sunset|as a watercolour|as pixel art|from above|with more light
|in black ink|in autumn|with a hat|in a forest|underwater|in space|happier|older|in blue
|with a different background|as a cartoon|with fewer trees|in the style of van gogh|at dawn|without the {noun}
|with a {noun}|{place}""".replace("\n", "").split("|")
REGION_TAILS = """, only in {region}|, but only {region}|, just {region}|only {region}|; region: {region}|, only change {region}
|, limited to {region}|but only in {region}|. only touch {region}""".replace("\n", "").split("|")
REGIONS = """the top left corner|the left half|the right side|the lower half|the middle|the top|the bottom right|the centre
|the upper half|the bottom|the left side|the right half|the top right|the bottom left corner|the top half
|the center|the left|the right""".replace("\n", "").split("|")
STRENGTHS = {
    "0.3": """subtle|but subtle|subtly|just a little|slightly|very gently|but keep it subtle|only a hint|a touch""".replace("\n", "").split("|"),
    "0.8": """strong|strongly|a lot|make it a strong change|heavily|dramatically|really go for it|big change""".replace("\n", "").split("|"),
}
STRENGTH_NUMBER = ", strength {n}|with strength {n}|(strength {n})|, at strength {n}|. strength: {n}".split("|")

UPSCALE = """upscale {ref}|upscale {ref}|upscale {ref} please|make {ref} larger|make {ref} bigger|enlarge {ref}|blow {ref} up
|blow up {ref}|can you upscale {ref}|could you enlarge {ref}|i want {ref} in higher resolution|{ref} in high res
|{ref} in hd|higher resolution for {ref}|increase the resolution of {ref}|increase the size of {ref}
|make {ref} high resolution|scale {ref} up|scale up {ref}|superres {ref}|super-resolution on {ref}
|i need {ref} bigger|i need a larger version of {ref}|give me a bigger version of {ref}|{ref} larger please
|{ref} bigger|print size for {ref}|make {ref} print quality|i want to print {ref}, make it bigger
|{ref} is too small, enlarge it|upres {ref}|upsize {ref}|upscale {ref} for printing
|can i get {ref} in a higher resolution|could you make {ref} larger|get me {ref} in better resolution
|more pixels for {ref}|hd version of {ref}|take {ref} and upscale it|please enlarge {ref}
|increase resolution on {ref}|let's upscale {ref}|now upscale {ref}|now make {ref} larger|and upscale {ref}
|upscale {ref} to the max|zoom {ref} up to a bigger size|make a large version of {ref}
|can you make {ref} bigger for a poster|i'd like {ref} upscaled|{ref} upscaled please|run the upscaler on {ref}
|improve the resolution of {ref}|sharpen up {ref} to a bigger size|can u upscale {ref}|{ref}: upscale
|enlarge {ref} for me|enlarge {ref} so i can print it""".replace("\n", "").split("|")
UPSCALE_SCALE = """upscale {ref} {scale}|upscale {ref} by {scale}|make {ref} {scale} larger|make {ref} {scale} bigger
|enlarge {ref} {scale}|{ref} {scale} larger|{ref} {scale} as big|scale {ref} up {scale}|blow {ref} up {scale}
|make {ref} {scale} the size|{scale} upscale of {ref}|upscale {ref}, {scale}|enlarge {ref} by {scale}
|i want {ref} {scale} bigger|{ref} at {scale} the resolution|{scale} larger please, {ref}|increase {ref} {scale}""".replace("\n", "").split("|")
SCALES = {"2": """2x|two times|twice|x2|2 times|double|a factor of 2|a factor of two|200%""".replace("\n", "").split("|"), "4": "4x|four times|x4|4 times|a factor of 4|a factor of four|400%|quadruple".split("|")}

UPSCALE_HERE = """upscale|upscale please|enlarge|larger|larger please|in high resolution|higher resolution please|hd please
|make bigger|i need more pixels|upscaling please|now upscale|and now larger|go bigger|increase the resolution
|a bigger version please|can you upscale|could i get a larger version|upscale that for me|too small
|print size please|high res version please""".replace("\n", "").split("|")
VARY = """vary {ref}|variations of {ref}|a variation of {ref}|make a variation of {ref}|give me a variation of {ref}
|show me variations on {ref}|more like {ref}|something similar to {ref}|similar to {ref}
|try a variation of {ref}|another version of {ref}|a different version of {ref}|one more like {ref}
|create an alternative to {ref}|make something like {ref}|can you vary {ref}|could you do another take on {ref}
|i'd like to see {ref} slightly different|alternatives for {ref}|riff on {ref}|remix {ref}
|a different take on {ref}|i like {ref}, show me more like it|i like {ref}, more like that
|more in the vein of {ref}|other versions of {ref}|variants of {ref}|{ref} but a bit different
|{ref} with small changes|change {ref} up a little|mix {ref} up a bit|reimagine {ref}|do variations on {ref}
|what else could {ref} look like|shake {ref} up a bit|can i see other takes on {ref}|some more like {ref}""".replace("\n", "").split("|")
VARY_COUNT = """{count} variations of {ref}|make {count} variations of {ref}|give me {count} variations of {ref}
|show me {count} variants of {ref}|{count} more like {ref}|vary {ref} {count} times|{count} versions of {ref}
|{count} other versions of {ref}|create {count} alternatives to {ref}|i want {count} variations on {ref}
|{count} different takes on {ref}|can you make {count} variations of {ref}|{count} more of {ref}
|i like {ref}, give me {count} more like it|vary {ref}, {count} of them|do {count} variations on {ref}
|{ref}: {count} variations|{count} remixes of {ref}|{count} similar ones to {ref}
|could i see {count} alternatives for {ref}""".replace("\n", "").split("|")

ADJUST = {
    ("rotate", "90"): """rotate {ref}|rotate {ref} clockwise
|rotate {ref} to the right|turn {ref} on its side|rotate {ref} a quarter turn|turn {ref} clockwise
|quarter turn for {ref}|turn {ref} sideways""".replace("\n", "").split("|"),
    ("rotate", "-90"): """rotate {ref} counterclockwise|rotate {ref} to the left|rotate {ref} anticlockwise
|turn {ref} left|spin {ref} a quarter to the left""".replace("\n", "").split("|"),
    ("rotate", "180"): """turn {ref} upside down|rotate {ref} half a turn
|put {ref} upside down|stand {ref} on its head|{ref} upside down please|half turn for {ref}""".replace("\n", "").split("|"),
    ("flip", "horizontal"): """flip {ref}|mirror {ref}|flip {ref} horizontally|mirror {ref} left to right|flip {ref} left-right
|make {ref} a mirror image|reverse {ref} left and right|swap left and right in {ref}|horizontal flip of {ref}
|mirror {ref} please""".replace("\n", "").split("|"),
    ("flip", "vertical"): """flip {ref} vertically|flip {ref} upside-down|mirror {ref} vertically|flip {ref} top to bottom
|vertical flip of {ref}|mirror {ref} top to bottom|flip {ref} over vertically""".replace("\n", "").split("|"),
    ("brightness", "+20"): """make {ref} brighter|brighten {ref}|brighten {ref} a bit|make {ref} a bit brighter|a little brighter for {ref}
|{ref} is too dark|{ref} is a bit dark, brighten it|lighten {ref}|make {ref} lighter|more brightness on {ref}
|increase the brightness of {ref}|turn up the brightness of {ref}|lighten up {ref} a little
|{ref} brighter please""".replace("\n", "").split("|"),
    ("brightness", "+40"): """make {ref} much brighter|brighten {ref} a lot|{ref} is way too dark|make {ref} a lot brighter
|much lighter, {ref}|far more brightness on {ref}""".replace("\n", "").split("|"),
    ("brightness", "-20"): """make {ref} darker|darken {ref}|darken {ref} a bit|make {ref} a bit darker|{ref} is too bright|dim {ref}
|lower the brightness of {ref}|reduce the brightness of {ref}|a little darker for {ref}
|tone {ref} down, it is too bright|less brightness on {ref}|{ref} darker please""".replace("\n", "").split("|"),
    ("brightness", "-40"): """make {ref} much darker|darken {ref} a lot|{ref} is way too bright|make {ref} a lot darker
|far less brightness on {ref}""".replace("\n", "").split("|"),
    ("contrast", "+20"): """more contrast on {ref}|increase the contrast of {ref}|add contrast to {ref}|boost the contrast in {ref}
|give {ref} more contrast|{ref} looks flat, more contrast|{ref} needs more contrast|up the contrast of {ref}
|raise the contrast in {ref}|punchier contrast for {ref}""".replace("\n", "").split("|"),
    ("contrast", "-20"): """less contrast on {ref}|reduce the contrast of {ref}|lower the contrast in {ref}|soften the contrast of {ref}
|{ref} has too much contrast|give {ref} less contrast""".replace("\n", "").split("|"),
    ("saturation", "+20"): """more saturation on {ref}|saturate {ref}|make the colours of {ref} more vivid|boost the colours in {ref}
|make {ref} more vivid|increase the saturation of {ref}|more vibrant colors for {ref}
|make the colors pop in {ref}|{ref} looks pale, more saturation|more vibrant, {ref}""".replace("\n", "").split("|"),
    ("saturation", "-20"): """less saturation on {ref}|desaturate {ref}|desaturate {ref} a bit|tone down the colours of {ref}
|mute the colours in {ref}|reduce the saturation of {ref}|{ref} is too colourful|lower saturation for {ref}
|less vivid colors in {ref}""".replace("\n", "").split("|"),
    ("sharpen", ""): """sharpen {ref}|make {ref} sharper|{ref} is a bit blurry, sharpen it|sharper {ref} please|sharpen {ref} up
|crisper edges on {ref}|make {ref} crisper|{ref} looks soft, sharpen it""".replace("\n", "").split("|"),
    ("blur", ""): """blur {ref}|make {ref} blurry|soften {ref} with a blur|blur {ref} a bit|apply a blur to {ref}
|gaussian blur on {ref}|make {ref} out of focus|add blur to {ref}|unsharpen {ref}""".replace("\n", "").split("|"),
    ("greyscale", ""): """make {ref} black and white|{ref} in black and white|convert {ref} to greyscale|greyscale {ref}|grayscale {ref}
|turn {ref} black and white|make {ref} grayscale|make {ref} b&w|remove the colour from {ref}
|b/w version of {ref}|make {ref} monochrome|no colours in {ref}, just greys
|black and white version of {ref} please|drain the color out of {ref}""".replace("\n", "").split("|"),
    ("crop", "square"): """crop {ref} to a square|crop {ref} square|make {ref} square|cut {ref} to a square|square crop of {ref}
|trim {ref} to square""".replace("\n", "").split("|"),
    ("crop", "top half"): """crop {ref} to the top half|keep only the top half of {ref}|cut off the bottom half of {ref}
|just the upper half of {ref}|crop away the lower half of {ref}""".replace("\n", "").split("|"),
    ("crop", "bottom half"): """crop {ref} to the bottom half|keep only the lower half of {ref}|cut off the top half of {ref}
|just the bottom half of {ref}""".replace("\n", "").split("|"),
    ("crop", "left half"): """crop {ref} to the left half|keep the left half of {ref}|cut off the right half of {ref}
|just the left half of {ref}|cut away the right side of {ref}""".replace("\n", "").split("|"),
    ("crop", "right half"): """crop {ref} to the right half|keep the right half of {ref}|cut off the left half of {ref}
|just the right side of {ref}|cut away the left half of {ref}""".replace("\n", "").split("|"),
    ("crop", "centre"): """crop {ref} to the centre|crop {ref} to the middle|crop {ref}|zoom in on the middle of {ref}
|keep the center of {ref}|trim the edges of {ref}|crop the borders off {ref}|crop in on {ref}""".replace("\n", "").split("|"),
    ("crop", "16:9"): """crop {ref} to 16:9|cut {ref} down to 16:9|cut {ref} to widescreen|crop {ref} to widescreen""".replace("\n", "").split("|"),
    ("crop", "4:3"): "crop {ref} to 4:3|trim {ref} to 4:3|cut {ref} down to 4:3".split("|"),
    ("crop", "9:16"): "crop {ref} to 9:16|crop {ref} for my phone screen|cut {ref} to 9:16".split("|"),
    ("resize", "50%"): """resize {ref} to half|make {ref} half the size|shrink {ref} to half|shrink {ref}|scale {ref} down
|make {ref} smaller|half size for {ref}|reduce {ref} to half its size|downsize {ref}
""".replace("\n", "").split("|"),
    ("resize", "25%"): """resize {ref} to a quarter|make {ref} a quarter of the size""".replace("\n", "").split("|"),
}
ADJUST_HERE = {
    ("rotate", "90"): "rotate|rotate please|quarter turn please|rotate right|turn clockwise|turn sideways".split("|"),
    ("rotate", "-90"): "rotate left|turn left|quarter turn to the left|rotate anticlockwise please".split("|"),
    ("rotate", "180"): "upside down|half a turn|turn on its head|stand on its head please".split("|"),
    ("flip", "horizontal"): """mirror|flip|mirror image please|flip left to right|horizontal flip|flip horizontally""".replace("\n", "").split("|"),
    ("flip", "vertical"): "flip vertically|vertical flip|mirror top to bottom".split("|"),
    ("brightness", "+20"): """brighter|brighter please|lighter|a bit brighter|a little lighter please|it's too dark|its a bit dark
|more brightness|lighten up|way too gloomy, brighten up""".replace("\n", "").split("|"),
    ("brightness", "-20"): """darker please|a bit darker|it's too bright|its too light|less bright|dim the lights a bit|a little darker please""".replace("\n", "").split("|"),
    ("contrast", "+20"): """more contrast|more contrast please|it looks flat|higher contrast|up the contrast|contrast up""".replace("\n", "").split("|"),
    ("contrast", "-20"): "less contrast|lower contrast please|contrast down|too much contrast".split("|"),
    ("saturation", "+20"): """more saturation|more vivid|more vivid colours|stronger colours please|make the colours pop
|colours look washed out""".replace("\n", "").split("|"),
    ("saturation", "-20"): """less saturation|softer colours|tone down the colours|too colourful|colours are too loud""".replace("\n", "").split("|"),
    ("sharpen", ""): "sharpen|sharper|sharper please|it's blurry|too soft, sharpen".split("|"),
    ("blur", ""): "blur|a bit of blur|blurrier please|soften a little|add some blur".split("|"),
    ("greyscale", ""): """black and white|black and white please|b&w|in black and white|greyscale|grayscale please|monochrome
|without colour|no colours, only greys""".replace("\n", "").split("|"),
    ("crop", "square"): "crop square|crop to a square|square crop please|cut to square".split("|"),
    ("crop", "centre"): "crop|crop to the middle|crop the edges|trim the borders".split("|"),
    ("crop", "top half"): "crop to the top half|keep only the upper half|cut off the lower part".split("|"),
    ("crop", "bottom half"): "crop to the bottom half|keep just the lower half|cut off the upper part".split("|"),
    ("resize", "50%"): "half size|half the size please|smaller|make smaller|shrink|scale down to half".split("|"),
}
ADJUST_NUMBER = {
    "rotate": """rotate {ref} {n} degrees|rotate {ref} by {n}|turn {ref} by {n} degrees|rotate {ref} by {n} degrees
|tilt {ref} {n} degrees""".replace("\n", "").split("|"),
    "brightness": """increase the brightness of {ref} by {n}|brightness +{n} on {ref}|brighten {ref} by {n}|brighten {ref} by {n}%
|brightness up {n} for {ref}|make {ref} {n}% brighter|{ref}: brightness +{n}""".replace("\n", "").split("|"),
    "contrast": """increase the contrast of {ref} by {n}|contrast +{n} on {ref}|raise contrast by {n}% on {ref}
|{ref}: contrast +{n}|{n}% more contrast for {ref}""".replace("\n", "").split("|"),
    "saturation": """increase the saturation of {ref} by {n}|saturation +{n} on {ref}|{n}% more saturation on {ref}
|{ref}: saturation +{n}|saturate {ref} by {n}""".replace("\n", "").split("|"),
    "-brightness": """darken {ref} by {n}|brightness -{n} on {ref}|reduce the brightness of {ref} by {n}%|make {ref} {n}% darker
|darken {ref} by {n} percent""".replace("\n", "").split("|"),
    "-contrast": "contrast -{n} on {ref}|lower the contrast of {ref} by {n}|{n}% less contrast on {ref}".split("|"),
    "-saturation": "saturation -{n} on {ref}|desaturate {ref} by {n}|{n}% less saturation for {ref}".split("|"),
    "blur": "blur {ref} by {n}|blur {ref} with radius {n}|blur {ref} {n} pixels".split("|"),
    "resize": """resize {ref} to {extent}|make {ref} {extent}|scale {ref} to {extent}|change the size of {ref} to {extent}
|{ref} at {extent} pixels|i need {ref} at {extent}|resize {ref}: {extent}|{ref} in {extent} please
|bring {ref} to {extent}|{extent} for {ref}""".replace("\n", "").split("|"),
    "resize%": """resize {ref} to {n}%|scale {ref} to {n}%|scale {ref} to {n} percent|shrink {ref} to {n}%
|resize {ref} to {n} percent""".replace("\n", "").split("|"),
}

LOOK = """look at {ref}|describe {ref}|what is in {ref}|what's in {ref}|what do you see in {ref}|what does {ref} show
|what can you see on {ref}|tell me what is in {ref}|whats on {ref}|tell me about {ref}|take a look at {ref}
|have a look at {ref}|analyse {ref}|give me a description of {ref}|can you describe {ref}
|write a caption for {ref}|caption {ref}|what am i looking at in {ref}|could you check what {ref} shows
|inspect {ref}|examine {ref}|what's {ref} about""".replace("\n", "").split("|")
LOOK += """how was {ref} made|what prompt did i use for {ref}|which seed has {ref}|how big is {ref}|what size is {ref}
|where does {ref} come from|what are the colours of {ref}|which colours are in {ref}|is {ref} dark or bright
|what was the prompt of {ref}|tell me how {ref} was made|what's the history of {ref}|how many pixels has {ref}
|what's the seed of {ref}|which model made {ref}|what are the dimensions of {ref}|details of {ref}
|info about {ref}""".replace("\n", "").split("|")
LOOK_QUESTION = """{question} in {ref}|{question} in {ref}?|in {ref}, {question}|in {ref}, {question}?|look at {ref}: {question}
|look at {ref}, {question}?|{ref}: {question}|can you tell me {question} in {ref}|about {ref}: {question}?
|look at {ref} and tell me {question}|check {ref}: {question}?|{question}? i mean {ref}""".replace("\n", "").split("|")
QUESTIONS = """is there a {noun}|are there any people|how many {noun}s are there|what colour is the {noun}|what color is {part}
|is the {noun} on the left|can you see a {noun}|what time of day is it|what is the {noun} doing
|what's in the background|is it blurry|what is written on it|which animals are there|is the {noun} {adjective}
|where is the {noun}|what is {place}|how many people are there|what style is it|does it look realistic
|what's the weather like|what is the main colour|who is standing {place}
|is there any text|what kind of {noun} is that|do you see {added}""".replace("\n", "").split("|")

FIND = """find {query}|find the picture with {query}|find pictures of {query}|search for {query}|look for {query}
|where is the picture of {query}|do i have a picture of {query}|do we have any pictures with {query}
|which picture shows {query}|which picture has {query}|which one had {query}|show me all pictures with {query}
|show me the ones with {query}|have i made {query} before|find me {query} among my pictures
|search my pictures for {query}|find my old {query} pictures|which of the pictures has {query}
|look through my pictures for {query}|locate the image with {query}|i'm looking for the picture with {query}
|where did {query} go|which images contain {query}|can you find the one with {query}
|are there any pictures of {query}|search: {query}|find the image where there is {query}
|did we do {query} already|list pictures with {query}|bring up the picture of {query}
|is there already a picture with {query}""".replace("\n", "").split("|")

CHECK_TEXT = """is it allowed to draw {target}|is {target} allowed|am i allowed to draw {target}|would {target} be allowed
|would {target} pass the filter|check if {target} is safe|is {target} safe|check the safety of {target}
|does {target} pass the safety check|can i ask for {target} or is that blocked|safety check: {target}
|would you refuse {target}|is it ok to make a picture of {target}|are pictures of {target} allowed
|run the safety check on the text {target}|will {target} be blocked|is the prompt {target} fine
|would the filter block {target}|does the filter accept {target}|check this prompt: {target}
|is drawing {target} permitted|check for safety: {target}""".replace("\n", "").split("|")
CHECK_IMAGE = """is {ref} safe|check {ref} for safety|check the safety of {ref}|run the safety check on {ref}
|is {ref} safe for work|does {ref} pass the filter|is {ref} appropriate for kids|can i show {ref} at work
|is {ref} ok to publish|safety check for {ref}|is there anything inappropriate in {ref}|is {ref} nsfw
|does {ref} contain anything unsafe|check if {ref} is safe|would {ref} be blocked|is {ref} child friendly
|scan {ref} for unsafe content|check whether {ref} is allowed|is {ref} allowed""".replace("\n", "").split("|")

# ------------------------------------------------------------------------------------------------------------------- follow-ups
AGAIN = """another one|again|one more|another|try again|once more|do it again|redo it|same again|another one please
|again please|give me another|make another one|draw it again|a new one|let me see another one|one more time
|retry|new attempt|again but different|repeat|do another|reroll|regenerate|regenerate it|not quite, try again
|i don't like it, try again|can you do another|another try|have another go|give it another go|roll again|more
|one more please""".replace("\n", "").split("|")
SAME_BUT = """same but {but}|the same but {but}|same thing but {but}|the same {but}|same again but {but}|same picture {but}
|same scene, {but}|draw the same {but}|the same thing {but}|now the same {but}|same, {but}|again but {but}
|again, {but}|same prompt but {but}|the same picture but {but}|do the same one {but}|once more, but {but}
|the same again, {but}|now {but}|same idea, {but}|try it {but}|repeat that {but}|that again but {but}
|same scene {but}|can you do the same but {but}""".replace("\n", "").split("|")
TOO = """and {ref} too|{ref} too|the same for {ref}|same for {ref}|do the same to {ref}|do the same with {ref}|now {ref}
|now {ref} too|also {ref}|{ref} as well|and the same with {ref}|and now {ref}|do that to {ref} as well
|apply that to {ref}|repeat that on {ref}|and {ref}|can you do the same to {ref}|same thing on {ref}
|do {ref} next|{ref} next|likewise for {ref}|{ref} too please""".replace("\n", "").split("|")

# ------------------------------------------------------------------------------------------------------------------- referring
IT = """it|it|it|it|this|that|this one|that one|this picture|the picture|the image|that picture|this image|that image
|the pic""".replace("\n", "").split("|")
NEWEST = """the last one|the latest one|the newest one|the last picture|the latest|the latest image|the most recent one
|the newest|the one you just made|the last image|the one we just made""".replace("\n", "").split("|")
SELECTED = """the selected one|the one i selected|the selected picture|the one i picked|my selection|the highlighted one
|the one i clicked on|the chosen one""".replace("\n", "").split("|")
NUMBER = """#{n}|#{n}|#{n}|picture {n}|picture #{n}|image {n}|number {n}|no. {n}|pic {n}|image #{n}|nr {n}
|the picture number {n}|nr. {n}|number #{n}|picture no {n}|# {n}|handle {n}""".replace("\n", "").split("|")
ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
ORDINAL = """the {o} one|the {o} one|the {o} picture|the {o}|the {o} image|the {o} pic|picture {w}|image {w}|number {w}""".replace("\n", "").split("|")
NUMBER_WORDS = "one two three four five six seven eight nine ten eleven twelve".split()
BEFORE = """the one before|the one before that|the picture before|the one before this|the picture before that one
|the one right before it|the one prior to this|the one prior""".replace("\n", "").split("|")
SECOND_LAST = """the one before the last|the second last|the second to last one|the last but one|the next to last|the penultimate one
|the second last picture|the last but one picture""".replace("\n", "").split("|")
PARENT = """the previous version|the version before|the one before the edit|the version before this edit|the unedited one
|the state before that|the version before that""".replace("\n", "").split("|")
ROOT = """the original|the original one|the original picture|the very first version|the original version of it""".replace("\n", "").split("|")
BEFORE_EDIT = """the one before {what}|the version before {what}|the picture before {what}|the one without {what}
|the version without {what}|the one before you added {what}|the one from before {what}
|the one before we had {what}|the state before {what}""".replace("\n", "").split("|")
BY_WORD = """the {noun}|the {noun}|the {noun} one|the {noun} picture|the one with the {noun}|the picture with the {noun}
|the picture of the {noun}|the {noun} image|the one of the {noun}|the {noun} pic|the drawing of the {noun}
|the one that shows the {noun}|my {noun} picture""".replace("\n", "").split("|")
UPLOADED = """my photo|the photo i uploaded|the upload|the uploaded one|the picture i uploaded|my upload|the image i sent you
|the uploaded image|the photo|my picture|the file i gave you|the photo i sent|the one i uploaded|my own picture
|the picture i dragged in""".replace("\n", "").split("|")
OF_KIND = {
    "edit": "the edit|the edited one|the edited version|the changed one".split("|"),
    "upscale": """the upscaled one|the big one|the large version|the upscale|the enlarged one|the large one|the hd one
|the high res version""".replace("\n", "").split("|"),
    "variation": "the variation|the variant".split("|"),
    "adjustment": "the adjusted one".split("|"),
}
BOTH = "both|both of them|both pictures|the two|them both|both images|the two of them".split("|")
ALL = """all of them|all|all pictures|them all|every picture|each of them|all the pictures|everything|all images
|all {n} of them|all {n}|each picture|every one of them""".replace("\n", "").split("|")

# ------------------------------------------------------------------------------------------------------------------- nothing to go on
NOTHING = """draw something|draw|paint something|make a picture|make me a picture|i want a picture|generate an image
|create something|can you draw|can you draw something for me|draw me something|make something|paint|generate
|a picture please|i need an image|make an image|draw a picture|could you make a picture for me
|let's make a picture|i want to make a picture|do a drawing|draw me a picture please|make art
|create an image for me|i'd like an image|a new picture please|new picture|let's start|i need a drawing
|can you make me an image|please paint me something|give me a picture|i would like you to draw something
|picture please|create|image please|start a new picture|i want something new|draw anything""".replace("\n", "").split("|")
NO_CHANGE = """change {ref}|edit {ref}|modify {ref}|make a change to {ref}|i want to change {ref}|can you edit {ref}
|edit {ref} please|could you change something in {ref}|fix {ref}|improve {ref}|i don't like {ref}, change it
|adjust {ref}|alter {ref}|make {ref} different|can we change {ref}|i'd like to edit {ref}|please modify {ref}
|rework {ref}|do something with {ref}""".replace("\n", "").split("|")
SEEK_NOTHING = """find a picture|search|search my pictures|find something|look for a picture|can you search|find
|i'm looking for a picture|search for something""".replace("\n", "").split("|")
# fmt: on

# fmt: off
# ---------------------------------------------------------------------------------------------------- what to answer without a tool
TALK: dict[str, list[str]] = {
    "Hello! Tell me what to draw, or drop a picture here to change it.": """hi|hello|hey|hello there|hi there|good morning|good evening|good afternoon|hey easel|hiya|hello easel|yo
|greetings|hi!|hello :)|howdy|sup|heya|morning!|hi bot""".replace("\n", "").split("|"),
    "You are welcome.": """thanks|thank you|thanks a lot|thank you very much|thx|ty|great, thanks|thanks, that's all|perfect, thank you
|cheers|many thanks|thanks so much|ok thanks|thank you, lovely|much appreciated|tysm|thanks, bye
|that's it, thanks|danke""".replace("\n", "").split("|"),
    "I am glad you like it.": """nice|wow|great|i love it|beautiful|awesome|that looks great|perfect|amazing|very nice|cool|so cute|lovely
|looks good|well done|good job|that's exactly what i wanted|brilliant|fantastic|this is really good|i like it
|superb|that is gorgeous|haha nice|nice work|i like this one|omg so pretty|you are good at this|looks amazing""".replace("\n", "").split("|"),
    "I am sorry. What should be different?": """i don't like it|that's not what i wanted|ugly|this is bad|terrible|that's wrong|not good|hmm, no
|that is not right|it looks weird|i hate it|awful|this isn't what i asked for|no that's wrong|disappointing
|that looks strange|it's not very good|meh|what is that supposed to be|nope|that doesn't look like it at all
|i'm not happy with this|you got it wrong|bad|that's horrible""".replace("\n", "").split("|"),
    "I draw pictures from words, edit them, enlarge them, make variations, rotate, crop and adjust them, find old ones and check what the safety filter says.": """what can you do|help|what are you able to do|how do i use this|what do you do|how does this work
|what are my options|can you help me|what commands are there|show me what you can do|how do i start
|which things can you do|how can i use you|what features do you have|instructions please|what is this
|what is this app|how do i work this thing|what tools do you have|can you explain what you can do|i am new here
|h e l p|/help|list your features""".replace("\n", "").split("|"),
    "I am Easel: a small language model and a few picture models that run on this computer.": """who are you|what are you|are you a robot|are you an ai|are you chatgpt|what is your name|what's your name
|who made you|which model are you|are you human|what model do you use|what's easel|are you gpt|which ai is this
|what language model is this|are you a real person|do you have a name|tell me about yourself""".replace("\n", "").split("|"),
    "Yes. Everything runs on this computer and nothing is sent anywhere, unless you choose another provider in the settings.": """do you work offline|is my data private|do you send my pictures anywhere|do you need internet|is this private
|where do my pictures go|can anyone see my pictures|do you upload my photos|is this local
|does this run on my computer|are my images stored in the cloud|who can see what i make
|do you work without internet|is this secure|does it phone home""".replace("\n", "").split("|"),
    "Everything is saved on this computer. Each picture has a download button, and old sessions are in the sidebar.": """how do i save this|how can i download it|where are my pictures saved|can i download the picture|save it
|save this|download|can you save it|how do i export|where do i find my old pictures|will this be saved
|are my sessions saved|how do i get the file|save the picture please|export it|download it please
|where is it stored|can i come back to this tomorrow|how do i open an old session""".replace("\n", "").split("|"),
    "Easel is free and open source under the Apache licence; the models you add have their own licences.": """is this free|how much does it cost|what is the licence|what's the license|can i use the pictures commercially
|is it open source|do i have to pay|who owns the pictures|can i sell these|what does it cost
|is there a subscription|are the images copyright free|may i use this for my business""".replace("\n", "").split("|"),
    "The small models in the box make small pictures. A bigger preset on a graphics card makes better ones: see the README.": """why is the quality so low|why is it so small|how do i get better quality|can i use a bigger model
|why does it look bad|can you use stable diffusion|how do i use flux|why are the pictures so blurry
|how can i get better pictures|can i use my gpu|do you support other models|how do i change the model
|which presets are there|what models are available|how do i switch to another model
|can you make them more realistic in general|why are the images 256 pixels""".replace("\n", "").split("|"),
    "All right.": """never mind|nevermind|forget it|stop|cancel|ok|okay|alright|fine|no thanks|nothing|no|that's all|leave it|skip it
|don't bother|not now|wait|hold on|one moment|let me think|ok then|good|yes|yeah|sure|k|understood|got it|i see
|no, leave it as it is|ok that's enough|leave it like that|keep it|no changes|don't change anything|done
|i'm done|bye|goodbye|see you|good night""".replace("\n", "").split("|"),
    "I only make and change pictures; for that I can't help.": """what's the weather like|what is 2 + 2|tell me a joke|write a poem|who is the president|what time is it
|translate this to german|write some code|play some music|make a video|can you make a video of it|animate it
|sing a song|what is the capital of france|book a flight|order a pizza|tell me a story|how old is the universe
|write an email to my boss|what's the news|do my homework|what day is it|solve this equation|recommend a movie
|make a gif|turn it into a video|send it to my friend|post it on instagram|print it|email me the picture
|what is the meaning of life|how do i cook rice|call my mom|set a timer|make it move|can you make a sound
|explain quantum physics|what do you think about politics|search the web|open my browser|make a 3d model file""".replace("\n", "").split("|"),
    "I understand English only, sorry. Could you say it in English?": """zeichne einen fuchs|dessine un chat|dibuja un perro|male mir ein bild|画一只猫|请画一只红色的狐狸|нарисуй кота|うさぎを描いて
|고양이를 그려줘|disegna un gatto|desenhe um cachorro|rita en katt|tegn en hund|teken een kat|narysuj kota
|mach es größer|bonjour|hola|hola, qué tal|guten tag, können sie mir helfen|puedes hacer una imagen
|peux-tu faire une image de la mer|könntest du das bild größer machen|ciao|hallo, wie geht's|你好|こんにちは|مرحبا
|ارسم قطة|çiz bana bir kedi|piirrä kissa|vẽ một con mèo|mache es heller bitte|le deuxième en noir et blanc
|haz la segunda más grande|пожалуйста увеличь картинку|把它放大|把第二张变成晚上|ein hund im schnee, bitte
|un renard dans la neige""".replace("\n", "").split("|"),
    "I did not understand that. Tell me what to draw or what to change.": """asdf|asdfgh|qwerty|???|!!!|...|jkl jkl jkl|blah blah|xxxxx|123|lorem ipsum|fjdksla|hmmmm|ajsd kajsd lkasjd|uhh
|wat|huh|what|?|sdfsdf sdf|12345 67890|zxcvbnm|aaaaaaa|la la la|test|testing|test 123|foo bar|bla|eh|:)|:(|xd
|lol|haha""".replace("\n", "").split("|"),
    "Yes, I can: say which picture and what to change.": """can you edit pictures|can you edit images|can you change photos|is it possible to edit a picture
|can i edit an existing photo|do you do editing|can you modify my photos|can you remove things from a photo
|are you able to edit|can you crop images|can you rotate pictures|can you also flip pictures
|can you change the colours of a picture|can you add things to a picture""".replace("\n", "").split("|"),
    "Yes: say which picture, and I enlarge it two or four times.": """can you upscale pictures|can you enlarge images|do you do upscaling|is upscaling possible
|can you make pictures bigger|can you increase the resolution of pictures|how large can you upscale
|how do i upscale|how does upscaling work|what sizes can you make""".replace("\n", "").split("|"),
    "Yes: drop a PNG, JPEG or WebP file here and tell me what to change.": """can i upload a picture|how do i upload a photo|can i use my own photos|can you work with my photos
|how can i give you a picture|do you take uploads|can i send you an image|which file types can i upload
|can i drag in a photo|how do i add my own image|i want to upload something|what formats do you support""".replace("\n", "").split("|"),
    "Some words and pictures are blocked by a safety filter on this computer. It says why, and you can reword the request.": """why was it blocked|why can't you draw that|what is not allowed|what are the rules|is there a filter
|how does the safety filter work|why did you refuse|can you turn off the filter|disable the safety filter
|what is blocked|which things can't i draw|do you have content rules|what's forbidden""".replace("\n", "").split("|"),
    "A seed is the number a picture starts from: the same words with the same seed give the same picture.": """what is a seed|what does seed mean|what's the seed for|explain seeds|how do seeds work|why would i use a seed""".replace("\n", "").split("|"),
    "Nothing is lost: every picture stays on the shelf. Say which one to go on from.": """undo|undo that|revert|go back|take that back|undo the last change|undo please|that was a mistake, undo
|can you undo|ctrl z|go back one step|restore the old one|reset|redo|bring back the old version
|i want to go back|is the old one gone|did you overwrite the original""".replace("\n", "").split("|"),
    "I can't delete pictures. A whole session can be deleted in the sidebar.": """delete {ref}|delete the picture|remove this picture from the list|delete all pictures|clear the shelf|delete everything|can you delete the last picture|throw the pictures away|erase my history|remove picture 2 from the shelf|trash it|delete my session|clear all|get rid of all pictures""".replace("delete {ref}|", "").split("|"),
    "I make one to eight pictures at a time. How many should it be?": [],
    "I enlarge two or four times. Which should it be?": [],
}
SAME_ASPECT = """in {aspect} format|as a {aspect} picture|{aspect}|in {aspect}|but {aspect}|but in {aspect} format
|with a {aspect} frame|{aspect} this time""".replace("\n", "").split("|")
TOO_MANY = """draw {n} pictures of {prompt}|{n} pictures of {prompt}|make {n} versions of {prompt}
|give me {n} images of {prompt}|{n} variations of {ref}|make {n} variations of {ref}|{prompt}, {n} times
|generate {n} images of {prompt}|i need {n} pictures of {prompt}|vary {ref} {n} times
|{n} versions of {prompt} please|can you do {n} drawings of {prompt}|show me {n} options for {prompt}""".replace("\n", "").split("|")
BAD_SCALE = """upscale {ref} {n}x|make {ref} {n} times larger|enlarge {ref} by a factor of {n}|upscale {ref} {n} times
|make {ref} {n} times bigger|{ref} {n}x larger|scale {ref} up {n} times|upscale {ref} x{n}
|blow {ref} up {n} times""".replace("\n", "").split("|")
LIST = """what pictures do i have|which pictures are there|list my pictures|what's on the shelf|show me the list
|how many pictures do we have|how many pictures did we make|what have we made so far|which images exist
|give me an overview|list everything|what do we have so far|what did you make""".replace("\n", "").split("|")
THEN_PLAIN = [" and ", " and ", ", then ", " and then ", ", and ", ". then "]
THEN = """, then |, and then |. then |, and | and then | then |. after that |. next, |; then |, afterwards | and |. now 
|, next |. also |, finally | & | and also | and after that """.replace("\n", "").split("|")
ALSO_DRAW = """, and separately {prompt}| and also a picture of {prompt}|, then draw {prompt}|. also draw {prompt}
|, and a second picture with {prompt}| and then {prompt} in another picture
|. then {prompt} as a separate picture| and another one of {prompt}|. after that paint {prompt}
|, and in a new picture {prompt}| plus a separate picture of {prompt}|. second picture: {prompt}|, then {prompt}""".replace("\n", "").split("|")
POLITE_BEFORE = """hey, |hi! |ok |ok now |so |um |please |hello, |great, |nice! |cool, |perfect. |well, |thanks! |and |ok, 
|alright, |good. |yes, |hi there, |uh, |hey easel, |now |lovely. |oh and |right, |hmm |wow nice, |ok so 
|thank you. |awesome! |hiya, |excuse me, |pls |good, |actually """.replace("\n", "").split("|")
POLITE_AFTER = """ please| pls| thanks| thx|, thank you|!|.|?| :)| asap| for me| if you can|, please| now|!!| plz|, thanks!|...
| if possible| ok?|, ok?| would be great| would be nice|, can you?| kindly| mate| pretty please""".replace("\n", "").split("|")
SLANG = {"please": "pls", "you": "u", "picture": "pic", "pictures": "pics", "want to": "wanna", "your": "ur", "are": "r", "give me": "gimme", "because": "cuz", "going to": "gonna", "and": "n", "the": "teh", "i would like": "id like", "it's": "its", "don't": "dont", "can't": "cant"}
SORRY = """No preset is called “x”; known are embedded and flux.
|#{n} enlarged 4 times would be 8192×8192, more than the 40 megapixels that are allowed; crop or shrink it first.
|The strength 1.7 is out of range; use more than 0 and at most 1.
|There is no region “the sky”; say one of top, bottom, left, right, or four fractions.
|The worker stopped while painting; try again.|The model ran out of memory; try a smaller picture.
|17×4099 is not a size that this model can paint.|The painter could not finish: the device is busy.
|The amount “very” is not understood; say a number such as +20.
|The seed 99999999999 is out of range; use a whole number from 0 to 4294967295.""".replace("\n", "").split("|")
REASONS = """this asks for graphic violence|this names a real person in a degrading scene|this asks for nudity
|this sounds like hatred against a group|this asks for self-harm|this may show a minor in an unsafe scene
|weapons instructions are not drawn|the words describe gore|sexual content is not made here""".replace("\n", "").split("|")
NOTES = """the size was rounded to 256x256|the seed is 7|the preset has no negative prompt, so it was left out
|the region was widened to the whole picture|this model ignores the style|painted with the embedded preset""".replace("\n", "").split("|")
SOME = ["two", "three", "four", "five", "some", "many", "a few", "2", "3", "seven", "a group of", "a pair of"]
WHERE = ["in the background", "on the left", "on the right", "in the foreground", "behind it", "far away", "above"]
THERE_IS = ["there is", "you can see", "stands", ""]
CATEGORIES = ["violence", "nudity", "hate", "self-harm", "minors"]
COLOURS = "black|dark grey|grey|white|red|dark red|orange|brown|beige|yellow|light green|green|dark green|turquoise|light blue|blue|dark blue|purple|pink".split("|")
# the pieces of which replies and questions are put together in dialogues.py, so that their words are in the vocabulary
CLOSINGS = """What should the picture show? There is no picture yet. What should I draw first? What should change in ? What should the picture that I look for show?|There is no #. Which one do you mean?
|There is no picture. Which one do you mean?|Nothing was uploaded here.|I see no picture with.|Which one do you mean, or ?|On the shelf:|Among others: and |#""".replace("\n", "").split("|")
# words of the tokenizer's vocabulary that no picture of ours is about
UNFIT = r"sex|porn|orgasm|nud[ei]|nake|rape|rapis|fuck|shit|bitch|cunt|dick|penis|vagin|breast|nipple|nigg|slut|whore|erot|nazi|hitler|molest|incest|pedo|masturb|genital|suicid"

# ------------------------------------------------------------------------------------------------------- how descriptions are put together
VERBING = """eating|chasing|carrying|watching|painting|washing|hugging|kicking|pushing|pulling|guarding|feeding|repairing|polishing
|stealing|balancing|decorating|drawing|wearing|riding|admiring|photographing|cooking|burying|discovering|dropping
|throwing|catching|hiding|sniffing|building|selling|fixing|holding up|pointing at|staring at|talking to|dreaming of
|leaning on|sitting on|standing on|waiting for|looking for|running from|running towards|sailing past|flying over
|walking past|peeking out of|climbing over|sleeping under|crawling through|swimming around|hanging from|emerging from
|dancing with|singing to|playing with|arguing with|falling into|jumping out of|floating above|marching behind
|balanced on|tangled in|covered by|made of|shaped like|dressed as|disguised as|filled with|stuffed with|carved into
|reflected in|trapped inside|tied to|perched on|parked beside|surrounded by""".replace("\n", "").split("|")
PREPOSITIONS = """in|on|under|behind|beside|near|inside|above|across from|next to|in front of|at the edge of|in the middle of|at|over
|along|beneath|between rows of|on the roof of|in the shadow of|on the way to|deep inside|by|opposite|against""".replace("\n", "").split("|")
LINKS = """and|with|next to|on top of|left of|under|behind|riding|in front of|looking at|holding|beside|without noticing
|followed by|chased by|and also|together with|instead of|opposite|above|below|to the left of|to the right of""".replace("\n", "").split("|")
MEASURES = """a bowl of|a glass of|a basket of|a pile of|a box of|a jar of|a bunch of|a cup of|a plate of|a row of|a field of|a flock of
|a cart full of|a window full of|a bag of|a tower of|a slice of|the inside of|the back of|a close look at|a bouquet of|a crate of""".replace("\n", "").split("|")
TIMES_OF_DAY = """in the morning|early in the morning|in the afternoon|late at night|at midnight|at noon|in the blue hour|after the rain
|before the storm|in spring|on a summer evening|on a foggy morning|in november|on a sunday|during an eclipse|in the moonlight
|by candlelight|in bright daylight|under a grey sky|in the last light""".replace("\n", "").split("|")
LIGHTS = """soft morning light|warm evening light|cold blue light|harsh noon light|a single beam of light|light from below|golden backlight
|candle light only|deep shadows|a hazy atmosphere|pale winter colours|rich earthy colours|bright primary colours|a muted palette
|a low camera angle|a view from above|a very shallow focus|lots of empty space|a calm mood|an eerie mood|a cheerful mood|a sense of wonder""".replace("\n", "").split("|")
COUNT_MEDIA = """icons of|logos with|posters of|stickers of|portraits of|photos of|cartoons of|stamps with|postcards of
|watercolours of|tattoo designs with|patterns of|book covers about|coasters with|album covers with|silhouettes of|close-ups of
|badges of|silk screens of|murals of|mascots with|wallpapers of|banners with|greeting cards with|caricatures of|emojis of""".replace("\n", "").split("|")
COUNT_MEDIA_ASK = """{count} {prompt}|make {count} {prompt}|draw {count} {prompt}|give me {count} {prompt}|i need {count} {prompt}|create {count} {prompt}
|could you design {count} {prompt}|i'd like {count} {prompt}|show me {count} {prompt}|design {count} {prompt}|we want {count} {prompt}
|can you do {count} {prompt}|please make {count} {prompt}|let me see {count} {prompt}|come up with {count} {prompt}|paint {count} {prompt}""".replace("\n", "").split("|")
COUNT_PLURAL = """draw {count} {prompt} pictures|{count} {prompt} pictures|make {count} {prompt} images|give me {count} {prompt} pictures|i want {count} {prompt} pics
|generate {count} {prompt} images|{count} {prompt} images please|show me {count} {prompt} drawings|paint {count} {prompt} pictures
|create {count} different {prompt} images|i need {count} {prompt} pictures|{count} {prompt} drawings""".replace("\n", "").split("|")
DRAW_COUNT += """{count} different versions of {prompt}|i'd like to see {count} versions of {prompt}|{count} ideas for {prompt}|{count} attempts at {prompt}|draw {count} alternatives of {prompt}
|{prompt} but give me {count} to choose from|{prompt}, i want {count} to pick from|show {count} variants of {prompt}|{count} renderings of {prompt}
|could you paint {count} pictures of {prompt}|i want to see {count} pictures of {prompt}|please draw {count} pictures of {prompt}
|let's have {count} pictures of {prompt}|i'll take {count} images of {prompt}|{count} tries at {prompt}|{prompt} in {count} variants
|give us {count} options of {prompt}|how about {count} images of {prompt}|{prompt}, make it {count}|{prompt}, {count} pics
|{prompt} times {count}|draw {prompt} - {count} versions|{count} pictures showing {prompt}|{count} drawings with {prompt}""".replace("\n", "").split("|")
DRAW += """{prompt}, draw that|{prompt}, can you draw that|{prompt}. paint it|{prompt} - can you paint this|{prompt}, that's what i want|{prompt}, please make a picture of that|{prompt}. that's the picture i want
|{prompt}, could you do that|how about drawing {prompt}|let's try {prompt} next|okay i'd like {prompt}|what i want is {prompt}|what i need is a picture of {prompt}|what i'm looking for is {prompt}|i'm looking for an image of {prompt}
|i'm after {prompt}|we're after a picture of {prompt}|i could use a picture of {prompt}|i was hoping for {prompt}|i had {prompt} in mind|i'm picturing {prompt}|picture this: {prompt}|picture {prompt}|imagine this: {prompt}
|let's imagine {prompt}|let's go with {prompt}|go for {prompt}|let's start with {prompt}|for the first one, {prompt}|i want you to draw {prompt}|i want you to paint {prompt}|i need you to make {prompt}|you should draw {prompt}|your task: {prompt}
|can you show me {prompt}|can you generate {prompt}|could you create {prompt}|could you generate a picture of {prompt}|could you make me {prompt}|will you draw {prompt}|would you draw me {prompt}|might you paint {prompt}|can we have {prompt}|can we get a picture of {prompt}
|can we see {prompt}|can you try {prompt}|can you put together {prompt}|draw up {prompt}|doodle {prompt}|scribble {prompt}|mock up {prompt}|throw together {prompt}|cook up {prompt}|knock out {prompt}|conjure up {prompt}|dream up {prompt}
|create something with {prompt}|make something showing {prompt}|i want something with {prompt}|draw anything with {prompt}|i'd be happy with {prompt}|i'd kill for {prompt}|it would be great to have {prompt}|it would be lovely to see {prompt}
|i would love a picture of {prompt}|i'd really like {prompt}|i really want {prompt}|i just want {prompt}|just draw {prompt}|just {prompt}|simply {prompt}|only {prompt} this time|okay so basically {prompt}|so i'm imagining {prompt}
|my kid wants to see {prompt}|my boss wants {prompt}|my friend asked for {prompt}|the client wants {prompt}|my wife would like {prompt}|grandma asked for {prompt}|our team needs {prompt}|the kids want {prompt}
|new request: {prompt}|another picture: {prompt}|another idea: {prompt}|new subject: {prompt}|next subject: {prompt}|next picture: {prompt}|now for something different: {prompt}|let's change the subject: {prompt}|switching to {prompt}|enough of that, {prompt}
|never mind that, draw {prompt}|let's forget that and do {prompt}|i changed my mind, {prompt}|no wait, {prompt}|wait, draw {prompt} instead|not that, {prompt}|instead of that i want {prompt}|rather {prompt}|i'd rather see {prompt}|better: {prompt}
|now do {prompt}|now paint {prompt}|now make {prompt}|now show me {prompt}|now a picture of {prompt}|now i want {prompt}|and next {prompt}|then i'd like {prompt}|after that i want {prompt}|next i'd like {prompt}|next up {prompt}|and then {prompt}
|image of {prompt}|photo idea: {prompt}|artwork of {prompt}|a visual of {prompt}|an illustration showing {prompt}|a nice picture of {prompt}|a pretty picture of {prompt}|a quick picture of {prompt}|a simple drawing of {prompt}|one picture of {prompt}|one image of {prompt} please
|draw me a picture of {prompt}|draw me a picture with {prompt}|draw a picture of {prompt}|paint me a picture of {prompt}|paint a picture of {prompt}|make me an image of {prompt}|create a picture of {prompt}|create a picture with {prompt}|generate a picture of {prompt}|generate an image with {prompt}|generate me {prompt}|render an image of {prompt}
|make a drawing of {prompt}|do a drawing of {prompt}|do a picture of {prompt}|do a picture with {prompt}|get me a picture of {prompt}|produce {prompt}|produce an image of {prompt}|show {prompt}|show a picture of {prompt}|sketch me {prompt}|paint us {prompt}|create for me {prompt}
|is there any way to get {prompt}|would there be a way to draw {prompt}|think you can draw {prompt}|you think you could paint {prompt}|can you handle {prompt}|are you up for {prompt}|bet you can't draw {prompt}|fancy drawing {prompt}|mind painting {prompt}|care to draw {prompt}""".replace("\n", "").split("|")
# options that stand before the request
STYLE_HEADS = """in {style} style: |in {style} style, |in the style of {style}: |in the style of {style}, |as {style}: |{style} style: |use {style} style and |style: {style}. |in {style}, |do it in {style} style: |done in {style}: |with a {style} look: """.replace("\n", "").split("|")
SEED_HEADS = "seed {seed}: |with seed {seed}, |use seed {seed} and |using seed {seed}: |seed={seed} |take seed {seed}: ".split("|")
PRESET_HEADS = "with {preset}: |using {preset}, |use {preset} and |with the {preset} preset, |via {preset}: |on {preset}: ".split("|")
NEGATIVE_HEADS = "no {negative} please: |without {negative}: |avoid {negative}: |leave {negative} out: |please no {negative}, but ".split("|")
ASPECT_HEADS = "in {aspect} format: |{aspect} format: |{aspect} please: |make it {aspect}: |as a {aspect} picture, |{aspect} orientation, ".split("|")
NEGATIVE_TAILS += """and without any {negative}|without any {negative}|but without any {negative}|with no {negative}|with no {negative} at all|but with no {negative} in it|, nothing with {negative}|, please no {negative}|, please leave out {negative}|, exclude {negative}
|, but leave out the {negative}|. i don't want any {negative}|. i don't want to see {negative}|, {negative} must not be in it|, i hate {negative}, so none of that|. keep {negative} out of it|, keep it free of {negative}|, there shouldn't be any {negative}|. make sure there are no {negative}
|, no {negative} anywhere|, no {negative} allowed|, definitely no {negative}|, absolutely no {negative}|. absolutely no {negative}|, just no {negative}|, sans {negative}|. exclude {negative} please|, don't put {negative} in it|, don't add {negative}|. do not include {negative}|without showing {negative}|, never {negative}""".replace("\n", "").split("|")
NEGATIVES += """fences|boats|mountains|flowers|stars|smoke|fire|signs|street lights|power lines|a moon|a sun|a background|bright colours|dark colours|pink|anything red|reflections|mist|tourists|children|captions|speech bubbles|a horizon|windows|wires|bicycles|insects|spiders|ghosts|dogs|cats|rain
|lens flare|grain|jpeg artefacts|deformed limbs|extra limbs|crowds|traffic|other animals|trees or bushes|modern things|anything modern|litter|graffiti""".replace("\n", "").split("|")
STYLE_TAILS += """, as a {style}|, as {style}|in a {style} style|, make it {style} style|, with a {style} look|, {style} please|, drawn as {style}|drawn in {style} style|painted in {style} style|, rendered as {style}|rendered in {style}|, do it in {style} style|. do it as {style}|. use a {style} style|. the style should be {style}|, the style is {style}|with a {style} feel|, think {style}|, à la {style}""".replace("\n", "").split("|")
STYLES += """tempera|fresco|gouache|pastel chalk|felt pen|ballpoint pen|marker|ink wash|engraving|etching|lithograph|cross-stitch|knitted wool|felt|balloon|sand art|neon sign|chalkboard|scrapbook|storybook|fairy tale|manga|webtoon|noir comic|retro 80s|70s disco|1920s poster|victorian|renaissance|rococo|romanticism|pointillist|fauvist|brutalist|abstract|psychedelic|kawaii|chibi|grunge|punk zine|technical drawing|infographic|x-ray|thermal camera|disposable camera|tilt-shift|double exposure|long exposure|black ink|white marble|paper collage|klimt|picasso|dali|rembrandt|turner|munch|frida kahlo|warhol|miro|escher|banksy|dr seuss""".replace("\n", "").split("|")
SEED_TAILS += """, seed is {seed}|with seed number {seed}|, take seed {seed}|, seed {seed} please|, and seed {seed}|and seed {seed}|. seed: {seed}|, use {seed} as the seed|, fixed seed {seed}|, random seed {seed}|with {seed} as seed""".replace("\n", "").split("|")
# what people say before they ask, and what is no part of the picture
PURPOSES = """my {noun} has a birthday tomorrow|my daughter turns six next week|i'm writing an article about {noun}s|i run a small {noun} shop|we are redecorating the nursery|it's for the school newspaper|i have a presentation on monday|i need this for a flyer
|this is for a greeting card|my friend loves {noun}s|i'm bored|i had a long day|you did well last time|i want to print it on a mug|i'm making a game|i am designing a t-shirt|this one is for my desk|my class is learning about {noun}s|i'm putting together a calendar
|we have a party on saturday|the last ones were great|i saw something funny today|i need some inspiration|let me explain what i need|here's the thing|so here goes|i have an idea|i just thought of something|my grandma collects {noun}s|i teach kindergarten
|it's almost christmas|i promised my son a picture|we're opening a cafe|i lost a bet|it's for a {noun} club|i'm preparing a quiz|i'm decorating my office|we need something for the newsletter""".replace("\n", "").split("|")
PURPOSE_FOR = """for my blog about {noun}s|for a post about {noun}s|for the school newspaper|for a birthday card|for my wall|for our website|for a flyer|for a talk about {noun}s|for my {noun} club|for a game|for a t-shirt|for my new book|for the kids|for an invitation|for a poster about {noun}s|for a friend|for our shop""".replace("\n", "").split("|")
FOR_FRAMES = """{purpose} i need {prompt}|{purpose} i want {prompt}|i need something {purpose}: {prompt}|i need a picture {purpose}: {prompt}|i need an image {purpose}, {prompt}|{purpose}: {prompt}|i want something {purpose}: {prompt}|something {purpose}: {prompt}|make something {purpose}: {prompt}
|can you make something {purpose}? {prompt}|i'm looking for a picture {purpose}: {prompt}|{purpose}, please draw {prompt}|{purpose}, could you make {prompt}""".replace("\n", "").split("|")
PURPOSE_JOINTS = """. |, |, so |. so |. please |, can you |. could you |. anyway, |! |... |, and |. now |. """.replace("\n", "").split("|")
# a story that is part of the picture, and how the request goes on from it
STORIES = """it was {adjective} and {adjective2} that {time}|once there was {thing} {place}|last night i dreamt of {thing} {place}|there once lived {thing} {place}|it is {time2} and {thing} is {doing}|the {noun} had been gone for years|nobody had seen the {noun} since winter|the war was over and {thing} came home
|rain had fallen all day {place}|all was quiet {place}|every evening {thing} came {place}|in my dream {thing} was {doing}|when i was little there was {thing} {place}|the year is {year} and {thing} rules the city|far {place} there stood {thing}|the clocks had stopped {place}
|two {noun}s met {place}|the ship was lost {place}|deep in the night {thing} woke up|they say that {thing} still walks {place}|the storm had passed|a {noun} was {doing} {place}|morning came slowly {place}|the party was over, {thing} was {doing}""".replace("\n", "").split("|")
STORY_REQUESTS = """. draw {prompt}|. paint {prompt}|. show {prompt}|. please draw {prompt}|. show me {prompt}|. i want to see {prompt}|. can you paint {prompt}|. make a picture of {prompt}|. now draw {prompt}|. could you draw {prompt}""".replace("\n", "").split("|")
STORY_ENDS = """. draw that|. draw this|. paint that scene|. can you draw it|. can you paint that|. please paint this scene|. make a picture of that|. show me that|. could you draw this for me|. i'd like a picture of that|. illustrate that|. that's the picture i'd like|, draw that|, can you paint that""".replace("\n", "").split("|")

# --------------------------------------------------------------------------------------------------------------------- more ways to change
EDIT_LEADS = """undo that, |no, |hmm no, |scratch that, |that's not it, |wait, |not quite: |okay, |nice but |close, but |almost, |hm, |good start but |i changed my mind, |second thought, |on second thought, |let's see, |one more thing, |so, |alright so |okay next |um |uh |and um |like |you know what, |oh, |actually no, |right, now """.replace("\n", "").split("|")
EDIT_TAKE = """take {ref} and {instruction}|{ref}: {instruction}|{ref}, {instruction}|go back to {ref} and {instruction}|back to {ref}, {instruction}|i like {ref} but {instruction}|i liked {ref} more, {instruction}|i liked {ref} better but {instruction}|use {ref} and {instruction}|{ref} please, {instruction}
|start from {ref} and {instruction}|start again from {ref}, {instruction}|return to {ref} and {instruction}|let's go back to {ref}, {instruction}|no, {ref}, {instruction}|with {ref}, {instruction}|{ref} was better, {instruction}|i prefer {ref}, {instruction}|i prefer {ref} but {instruction}|grab {ref} and {instruction}|pick {ref} and {instruction}
|edit {ref}, {instruction}|change {ref}, {instruction}|for {ref}, {instruction}|can you take {ref} and {instruction}|could you go back to {ref} and {instruction}|i meant {ref}, {instruction}|i want {ref}, {instruction}|{ref} is nice, {instruction}|{ref} is good but {instruction}|{ref} is nearly right, {instruction}|work on {ref}: {instruction}|go with {ref} and {instruction}""".replace("\n", "").split("|")
EDIT_AROUND = """change {part}~to {to}|make {part}~{to}|replace {removed}~with {added}|replace the {noun}~with {added}|turn {part}~{to}|turn the {noun}~into {turned}|paint {part}~{to}|paint the {noun}~{adjective}|colour {part}~{to}|change the {noun}~to {turned}
|swap {removed}~for {added}|swap the {noun}~for a {noun2}|change {part}~into {to}|make the {noun}~{adjective}|make the {noun}~look {into}|put a {noun}~{place}|fill {part}~with {added}|cover {part}~with {added}|surround the {noun}~with {added}|transform the {noun}~into {turned}""".replace("\n", "").split("|")
AROUND_JOINTS = ["in", "in", "of", "on", "in", "from"]
EDIT_WHOLE += """add {added} and {added2}|add {added}, {added2} and a {noun}|add {added} {place}|put {added} {place}|put {added} in front of {removed}|put {added} behind the {noun}|place {added} next to {part}|let {added} appear {place}|make {part} {to} and add {added}|make the {noun} {adjective} and {part} {to}|add {added} and remove {removed}|remove {removed} and add {added}
|remove {removed} and {part}|take {removed} out|take out {removed}|lose {removed}|wipe out {removed}|drop {removed}|clean up {part}|clear {part}|leave out {removed}|without {removed}|no more {noun}s|cover up {removed}|get {removed} out of there|make {removed} disappear|make {removed} vanish|kick out {removed}|crop out {removed}
|change {removed} into {added}|exchange {removed} for {added}|turn {removed} into {turned}|recolour {part} {to}|tint {part} {to}|make {part} look {adjective}|make {part} more {adjective}|make {part} less {adjective}|make the {noun} bigger|make the {noun} smaller|make the {noun} a bit more {adjective}|make the {noun} look {adjective}|move the {noun} to the left|move the {noun} further back
|let it rain|let it snow|make it rain|have it snow|set the scene at night|set it in winter|change the setting to {to}|change the background to {to}|change the background into {to}|swap the background for {to}|blur the background|darken {part}|brighten {part}|lighten {part}|soften {part}|sharpen the {noun}
|add more {noun}s|add a few {noun}s|add lots of {noun}s|add some {noun}s {place}|more {noun}s|fewer {noun}s|more {adjective} {noun}s|two {noun}s instead of one|a {noun} instead of the {noun2}|write hello on {part}|give everyone {added}|give the {noun} a {adjective} {noun2}|give the {noun} some {noun2}s|dress the {noun} in {adjective}|let the {noun} be {doing}|let the {noun} sit {place}|make the {noun} {doing}|show the {noun} {doing}""".replace("\n", "").split("|")
EDIT_IT += """make {it} {into} and add {added}|make {it} {into} with {added}|make {it} {into} and {into2}|make {it} {adjective} and {adjective2}|turn {it} into {turned} with {added}|make {it} a {adjective} {noun}|make {it} a {noun}|make {it} less {adjective}|make {it} more {adjective}|make {it} slightly {adjective}|let {it} look {into}|have {it} look like {turned}|make {it} look like {turned}
|make {it} seem {adjective}|set {it} {place}|move {it} {place}|place {it} {place}|put {it} {place}|show {it} {place}|dress {it} up as {turned}|reimagine {it} as {turned}|restyle {it} as {turned}|repaint {it} in {adjective} colours|do {it} as {turned}|turn {it} {into}|change {it} into {turned}|change {it} so that it has {added}|give {it} some {noun}s|give {it} a {adjective} {noun}|add {added} to {it}|add a {noun} to {it}
|remove {removed} from {it}|take {removed} out of {it}|fill {it} with {noun}s|cover {it} in {noun}s|cover {it} with {added}|surround {it} with {added}|make {it} look as if it were {into}""".replace("\n", "").split("|")
EDIT_PRONOUN = """put {added} on {him}|give {him} {added}|give {him} a {noun}|make {him} {adjective}|make {him} smile|let {him} hold {added}|dress {him} in {adjective}|make {him} look {into}|put a {noun} next to {him}|let {him} wear {added}|turn {him} into {turned}|make {him} {doing}|add {added} behind {him}|make {him} older|make {his} eyes {adjective}|change {his} hair to {to}|give {him} wings""".replace("\n", "").split("|")
EDIT_UPLOAD = """here is my photo, {instruction}|here's a photo of my {noun}. {instruction}|this is my {noun}, {instruction}|this is my {noun}. can you {instruction}|i uploaded a picture, {instruction}|i just uploaded a photo. {instruction}|{instruction} in the photo i just sent|i dropped a picture here, please {instruction}|that's me. {instruction}|that's our {noun}, {instruction}|look, my {noun}! {instruction}
|i've added a photo, could you {instruction}|in my photo, {instruction}|{instruction} in my photo|{instruction} in my picture|please {instruction} in the uploaded picture|on the photo i sent, {instruction}|for my upload: {instruction}""".replace("\n", "").split("|")
EDIT_HERE += """okay now {instruction}|cool, {instruction}|so {instruction}|um {instruction}|please just {instruction}|could you please {instruction}|can you please {instruction}|can you also {instruction}|could you also {instruction}|and could you {instruction}|and please {instruction}|great but {instruction}|nice. now {instruction}|nice one, {instruction}|i like it but {instruction}|i like it, {instruction}|love it, {instruction}
|not quite, {instruction}|hmm no, {instruction}|no, {instruction}|no wait, {instruction}|wait, {instruction}|actually {instruction}|one more thing: {instruction}|one change: {instruction}|small change: {instruction}|just one thing, {instruction}|next step: {instruction}|first {instruction}|i need you to {instruction}|i'd love it if you could {instruction}|i was hoping you could {instruction}|how about you {instruction}|why don't you {instruction}|you could {instruction}|you should {instruction}|we should {instruction}
|would it be possible to {instruction}|do you think you can {instruction}|are you able to {instruction}|think you can {instruction}|is there a way to {instruction}|i would like to {instruction}|i want to {instruction}|let me {instruction}|edit: {instruction}|change: {instruction}|{instruction} here|{instruction} for me|{instruction} too|{instruction}, that's all|{instruction} and that's it|{instruction} instead|{instruction} as well""".replace("\n", "").split("|")
EDIT_AT += """{instruction} for {ref}|{instruction} of {ref}|in {ref} i want you to {instruction}|on {ref}, can you {instruction}|in {ref}, could you please {instruction}|{ref} - {instruction}|{ref}. {instruction}|change {ref}, {instruction}|edit {ref}, {instruction}|can you edit {ref}: {instruction}|modify {ref}: {instruction}|{ref} needs a change: {instruction}|{ref} again, {instruction}|{ref} is good but {instruction}|start from {ref} and {instruction}|i prefer {ref}, {instruction}|pick {ref} and {instruction}
|work on {ref}: {instruction}|also {instruction} in {ref}|then {instruction} in {ref}|just {instruction} in {ref}|please {instruction} on {ref}|would you {instruction} in {ref}|let's {instruction} in {ref}|for {ref} please {instruction}|on {ref}: {instruction}|now on {ref} {instruction}|and in {ref} {instruction}|as for {ref}, {instruction}|about {ref}: {instruction}|return to {ref} and {instruction}|go to {ref} and {instruction}""".replace("\n", "").split("|")
EDIT_NOUN_AT += """i want {ref} with {instruction}|i'd like {ref} with {instruction}|undo that, {ref} with {instruction}|{ref} plus {instruction}|{ref} and {instruction} on it|{ref} now with {instruction}|let me see {ref} with {instruction}|add {instruction} to {ref}|try {ref} with {instruction}|put {instruction} on {ref}|put {instruction} in {ref}|{ref} could use {instruction}|{ref} is missing {instruction}|let {ref} have {instruction}|i imagine {ref} with {instruction}|same as {ref} with {instruction}|go back to {ref}, with {instruction}|what about {ref} with {instruction}|{ref} would be nicer with {instruction}|{instruction} to {ref} please|can we have {ref} with {instruction}|make {ref} with {instruction}""".replace("\n", "").split("|")
EDIT_NOUNS += """a {noun}|a {adjective} {noun}|some {noun}s|{noun}s|two {noun}s|a {noun} {place}|a {noun} and {added}|more {noun}s|fewer {noun}s|{adjective} {noun}s|warmer light|colder light|{adjective} light|{adjective} colours|a {adjective} mood|deeper shadows|a darker mood|heavy rain|light snow|a clear sky|{added} and {added2}|another {noun}|no {noun}s|a bigger {noun}|a smaller {noun}""".replace("\n", "").split("|")
EDIT_BUT += """{ref}, just {instruction}|{ref}, only {instruction}|like {ref} but {instruction}|{ref} only {instruction}|{ref} once more {instruction}|take {ref} but {instruction}|now {ref} {instruction}|i want {ref} {instruction}|i want {ref} but {instruction}|give me {ref} {instruction}|give me {ref} but {instruction}|redo {ref} {instruction}|redo {ref} but {instruction}|try {ref} {instruction}|can we have {ref} {instruction}|could i get {ref} {instruction}|could you do {ref} {instruction}|paint {ref} {instruction}|let's see {ref} {instruction}""".replace("\n", "").split("|")
BUT += """as a {noun}|as an oil painting|as a charcoal drawing|as a woodcut|as a comic|as a stained glass window|as a lego set|in a {noun} shop|in a desert|in the mountains|on the moon|at noon|early in the morning|in the fog|in a storm|with a {adjective} {noun}|with {added}|with two {noun}s|with {adjective} light|in red and gold|in green|in pastel colours|in sepia|much {into}|a bit {into}|from behind|from the side|from below|closer|further away|close up|without {removed}|without any {noun}s|wearing a {noun}|holding a {noun}|made of {noun}s|made of glass|but {adjective}|during the day|in spring|in summer|under water|at the seaside|in the style of a {noun}|in a {adjective} room|on a {noun}""".replace("\n", "").split("|")
REGION_TAILS += """, only {region}|, in {region} only|. only {region} please|, just in {region}|but just {region}|, and only {region}|, only on {region}|but only on {region}|, nowhere but {region}|, leave everything but {region}|, for {region} only""".replace("\n", "").split("|")
STRENGTH_HEADS = {
    "0.3": "subtle change: |just a subtle change, |slightly: |very subtle: |a small change: |gently, |only a little: |a tiny change: |softly: |a slight change: ".split("|"),
    "0.8": "big change: |a drastic change: |strong change: |go all in: |very strong: |a heavy change: |a radical change: ".split("|"),
}
STRENGTHS["0.3"] += "a little bit only|make it subtle|with a light touch|not too much|nothing drastic|barely|a slight change|just a tiny bit|gently|only slightly|softly please".split("|")
STRENGTHS["0.8"] += "very strong|as strong as possible|go wild|all the way|make it extreme|drastically|a drastic change|don't hold back|much stronger".split("|")
# ------------------------------------------------------------------------------------------------------------------ larger, alike, exact
UPSCALE += """make {ref} huge|make {ref} a lot bigger|make {ref} much larger|make {ref} way bigger|make {ref} bigger please|{ref} but bigger|{ref} but larger|bigger version of {ref}|larger version of {ref}|i want {ref} bigger|i want {ref} large|i want {ref} in hd|i want {ref} in 4k|{ref} in 4k|{ref} in full hd|{ref} in high resolution|{ref} at a higher resolution|high res {ref}|high resolution version of {ref}
|get {ref} bigger|can {ref} be bigger|can {ref} be larger|could {ref} be enlarged|could {ref} be upscaled|can we upscale {ref}|can we make {ref} bigger|can we blow {ref} up|please blow up {ref}|please upscale {ref}|please make {ref} larger|would you upscale {ref}|would you make {ref} bigger|i need {ref} in print quality|i need {ref} large enough to print|i want to print {ref}|i'd like to hang {ref} on the wall, enlarge it|blow up {ref} so i can print it|blow {ref} up for a poster
|enlarge {ref} for printing|enlarge {ref} please|do an upscale of {ref}|upscale for {ref}|{ref} upscale|{ref} upscaling please|{ref} upscaled|run upscale on {ref}|start the upscaler for {ref}|give {ref} more pixels|give {ref} a higher resolution|give me {ref} in large|give me {ref} bigger|give me {ref} in high res|show me {ref} larger|raise the resolution of {ref}|bump up the resolution of {ref}|up the resolution of {ref}|better resolution for {ref}|improve resolution of {ref}|{ref} is tiny, make it bigger|{ref} is so small, blow it up
|{ref} is too small|{ref} is a bit small|{ref} is too tiny|supersize {ref}|upscale {ref} now|so upscale {ref}|now enlarge {ref}|then upscale {ref}|let's enlarge {ref}|let's make {ref} bigger|let's blow {ref} up|i think {ref} should be larger|{ref} should be bigger|{ref} should be larger|{ref} could be bigger|{ref} needs to be bigger|{ref} has to be larger""".replace("\n", "").split("|")
UPSCALE_SCALE += """{ref}, {scale} larger|{ref}, {scale} bigger|make {ref} {scale} as large|make {ref} {scale} as big|make {ref} {scale} bigger please|enlarge {ref} {scale} please|blow {ref} up {scale} please|i want {ref} {scale} larger|i need {ref} {scale} as large|can you make {ref} {scale} larger|can you upscale {ref} {scale}|could you enlarge {ref} {scale}|could you upscale {ref} by {scale}|please upscale {ref} {scale}|{scale} bigger: {ref}|a {scale} upscale of {ref}|now {ref} {scale} bigger|let's make {ref} {scale} bigger|give me {ref} {scale} larger|{ref} should be {scale} larger|{ref} should be {scale} as big|increase the size of {ref} {scale}|increase the resolution of {ref} {scale}|upscale {ref} {scale} please|upscale {ref} {scale} for me""".replace("\n", "").split("|")
SCALES["2"] += ["2 x", "by two", "twofold", "twice as much", "two x", "2 fold"]
SCALES["4"] += ["4 x", "by four", "fourfold", "four x", "4 fold", "quadruple"]
UPSCALE_DOUBLE = {
    "2": "double the size of {ref}|double {ref} in size|double the resolution of {ref}|double {ref}|make {ref} double the size|{ref} at twice the size|{ref} twice as big|{ref} twice as large please|make {ref} twice as wide and high|{ref} in double size|twice the size for {ref}|i want {ref} at double resolution|upscale {ref} to double".split("|"),
    "4": "quadruple the size of {ref}|quadruple {ref}|make {ref} four times the size|{ref} at four times the size|four times the resolution for {ref}|{ref} four times as big|{ref} in four times the size|i want {ref} at four times the resolution".split("|"),
}
UPSCALE_HERE += """bigger|bigger please|make bigger please|in 4k|in hd|upres|upscale now|enlarge please|much larger|much bigger|way bigger|a lot bigger|bigger!|larger!|can i have that bigger|too tiny|it's too small|its too small|a bit small|too small for printing|i want to print this|ready for print please|higher res|more resolution|more pixels please|upscale, please|enlarge that for me|could you upscale""".replace("\n", "").split("|")
VARY += """{ref} in other versions|more variations of {ref}|more versions of {ref}|more of {ref}|something like {ref}|give me something like {ref}|something along the lines of {ref}|in the spirit of {ref}|i like {ref}, try something similar|i like {ref}, show me alternatives|i like {ref}, more of those|let's see some variations of {ref}|let me see variations of {ref}|could i see variations of {ref}|can i get a variation of {ref}|can i get another version of {ref}|can you make a variation of {ref}|could you make something similar to {ref}
|do a variation on {ref}|do another version of {ref}|draw a variation of {ref}|try another version of {ref}|try a different version of {ref}|try something similar to {ref}|play around with {ref}|experiment with {ref}|iterate on {ref}|spin off {ref}|a new take on {ref}|another take on {ref}|one more take on {ref}|a fresh take on {ref}|a variant of {ref}|make a variant of {ref}|a sibling of {ref}|make {ref} again but slightly different|like {ref} but slightly different|{ref} but slightly different|{ref} but not quite the same|a slightly different {ref}|almost like {ref}
|similar ones to {ref}|show similar pictures to {ref}|generate variations of {ref}|generate alternatives to {ref}|produce variants of {ref}|explore {ref} further|new versions of {ref}|i want more like {ref}|i want alternatives to {ref}|i'd like a variation of {ref}|i'd like more like {ref}|please vary {ref}|now vary {ref}|variation of {ref} please|vary {ref} please""".replace("\n", "").split("|")
VARY_COUNT += """{count} new versions of {ref}|{count} variants of {ref}|{count} alternatives to {ref}|{count} alternatives of {ref}|{count} alternatives for {ref} please|{count} takes on {ref}|{count} more takes on {ref}|{count} more versions of {ref}|{count} more variations of {ref}|{count} others like {ref}|{count} like {ref}|{count} pictures like {ref}|{count} pictures similar to {ref}|make {count} more like {ref}|make {count} versions of {ref}|make {count} alternatives of {ref}|make me {count} variants of {ref}|give me {count} more like {ref}|give me {count} alternatives to {ref}|give me {count} versions of {ref}|give me {count} similar to {ref}
|show me {count} variations of {ref}|show me {count} more like {ref}|show me {count} alternatives for {ref}|i want {count} more like {ref}|i want {count} versions of {ref}|i'd like {count} variations of {ref}|i need {count} variations of {ref}|could you make {count} variations of {ref}|can i have {count} variations of {ref}|can i see {count} variants of {ref}|please make {count} variations of {ref}|please vary {ref} {count} times|{ref} is good, {count} more like it|{ref} is great, show me {count} more like it|i love {ref}, make {count} more like that|generate {count} variations of {ref}|try {count} variations on {ref}|let's see {count} variations of {ref}|let's have {count} more like {ref}|draw {count} variations of {ref}""".replace("\n", "").split("|")
VARY_SUBTLE = {
    "0.3": "a subtle variation of {ref}|a slight variation of {ref}|a very close variation of {ref}|vary {ref} slightly|vary {ref} just a bit|vary {ref} a little|a gentle variation of {ref}|a light variation of {ref}|slightly vary {ref}|make a subtle variation of {ref}|subtle variation of {ref} please".split("|"),
    "0.8": "a strong variation of {ref}|a wild variation of {ref}|vary {ref} strongly|vary {ref} a lot|a bold variation of {ref}|a very different variation of {ref}|vary {ref} heavily|a radical variation of {ref}|make a strong variation of {ref}".split("|"),
}
ADJUST[("rotate", "90")] += "rotate {ref} right|turn {ref} right|rotate {ref} a quarter|{ref} on its side please|turn {ref} to the right|spin {ref} a quarter turn|rotate {ref} once|can you rotate {ref}|please rotate {ref}|{ref} needs to be rotated".split("|")
ADJUST[("rotate", "-90")] += "rotate {ref} left|turn {ref} to the left|turn {ref} anticlockwise|turn {ref} counterclockwise|a quarter turn left for {ref}|spin {ref} left|rotate {ref} counter clockwise|rotate {ref} the other way, to the left".split("|")
ADJUST[("rotate", "180")] += "flip {ref} on its head|turn {ref} around, upside down|make {ref} upside down|rotate {ref} upside down|{ref} is upside down, turn it|{ref} is the wrong way up|turn {ref} the other way up|give {ref} half a turn|turn {ref} on its head".split("|")
ADJUST[("flip", "horizontal")] += "mirror image of {ref}|{ref} mirrored|{ref} mirrored please|{ref} as a mirror image|flip {ref} around left to right|can you mirror {ref}|can you flip {ref}|please flip {ref}|reverse {ref}|flip {ref} sideways|mirror {ref} horizontally|swap the sides of {ref}|flip {ref} over|let {ref} face the other way by mirroring it".split("|")
ADJUST[("flip", "vertical")] += "{ref} mirrored vertically|vertical mirror of {ref}|flip {ref} top-bottom|turn {ref} over top to bottom|mirror {ref} upside down|reverse {ref} top and bottom|swap top and bottom in {ref}|flip {ref} along the horizontal axis".split("|")
ADJUST[("brightness", "+20")] += """{ref} with more light|more light in {ref}|{ref} is dark|{ref} is so dark|{ref} is very dark|{ref} is kinda dark|{ref} looks too dark|{ref} looks dark|{ref} came out too dark|{ref} turned out dark|{ref} seems too dark|{ref} is too dim|{ref} is dim|{ref} is underexposed|i can hardly see anything in {ref}|i can barely see {ref}|{ref} is too gloomy, lighten it|{ref} is hard to see, too dark|more light on {ref} overall|brighten up {ref}|brighten {ref} up|brighten {ref} please|brighten {ref} slightly|brighten {ref} up a bit
|lighten {ref} up|lighten {ref} up a bit|lighten {ref} a bit|make {ref} slightly brighter|make {ref} a little brighter|make {ref} a little lighter|make {ref} somewhat brighter|make {ref} a touch brighter|make {ref} a tad brighter|make {ref} more bright|make {ref} less dark|a bit brighter for {ref}|{ref} a bit brighter|{ref} a little brighter|{ref} brighter|{ref} should be brighter|{ref} should be lighter|{ref} could be brighter|{ref} needs more brightness|{ref} needs to be brighter|can {ref} be brighter|can {ref} be a bit lighter|could you brighten {ref}|can you brighten {ref} up a bit|raise the brightness of {ref}|up the brightness of {ref}|boost the brightness of {ref}|higher brightness for {ref}|turn the brightness of {ref} up|increase brightness on {ref}|add brightness to {ref}|less dark please, {ref}|not so dark, {ref}""".replace("\n", "").split("|")
ADJUST[("brightness", "-20")] += """{ref} is bright|{ref} is so bright|{ref} is very bright|{ref} is kinda bright|{ref} looks too bright|{ref} looks very bright|{ref} came out too bright|{ref} turned out too bright|{ref} seems too bright|{ref} is too light|{ref} is overexposed|{ref} is blinding|{ref} hurts my eyes, too bright|{ref} is a bit bright, darken it|{ref} is glaring, darken it|darken {ref} please|darken {ref} slightly|darken {ref} a little|make {ref} slightly darker|make {ref} a little darker|make {ref} somewhat darker|make {ref} a touch darker|make {ref} a tad darker
|make {ref} less bright|make {ref} dimmer|a bit darker for {ref}|{ref} a bit darker|{ref} a little darker|{ref} darker|{ref} should be darker|{ref} could be darker|{ref} needs to be darker|{ref} needs less brightness|can {ref} be darker|can {ref} be a bit darker|could you darken {ref}|can you darken {ref} a bit|turn the brightness of {ref} down|bring the brightness of {ref} down|decrease the brightness of {ref}|decrease brightness on {ref}|lower brightness for {ref}|dim {ref} a bit|dim {ref} please|less bright please, {ref}|not so bright, {ref}|take some brightness out of {ref}""".replace("\n", "").split("|")
ADJUST[("brightness", "+40")] += "brighten {ref} heavily|way brighter, {ref}|make {ref} way brighter|make {ref} really bright|make {ref} very bright|make {ref} super bright|{ref} is far too dark|{ref} is much too dark|{ref} is almost black, brighten it a lot|lighten {ref} a lot|{ref} a lot brighter|{ref} much brighter please|crank up the brightness of {ref}".split("|")
ADJUST[("brightness", "-40")] += "darken {ref} heavily|way darker, {ref}|make {ref} way darker|make {ref} really dark|make {ref} very dark|make {ref} super dark|{ref} is far too bright|{ref} is much too bright|{ref} is almost white, darken it a lot|{ref} a lot darker|{ref} much darker please|dim {ref} a lot".split("|")
ADJUST[("contrast", "+20")] += "{ref} is flat|{ref} is too flat|{ref} looks dull and flat|{ref} is low in contrast|{ref} has too little contrast|{ref} has no contrast|{ref} lacks contrast|make {ref} more contrasty|make the contrast of {ref} stronger|higher contrast for {ref}|more contrast in {ref}|more contrast for {ref} please|{ref} with more contrast|turn up the contrast of {ref}|stronger contrast on {ref}|make {ref} punchier|{ref} could use more contrast|increase contrast on {ref}|can {ref} have more contrast".split("|")
ADJUST[("contrast", "-20")] += "{ref} is too contrasty|{ref} is too harsh|{ref} has harsh contrast|the contrast of {ref} is too high|the contrast of {ref} is too strong|make {ref} less contrasty|make the contrast of {ref} softer|lower contrast for {ref}|less contrast in {ref}|{ref} with less contrast|turn down the contrast of {ref}|weaker contrast on {ref}|decrease the contrast of {ref}|{ref} needs less contrast".split("|")
ADJUST[("saturation", "+20")] += "{ref} is pale|{ref} is too pale|{ref} is dull|{ref} looks dull|{ref} is washed out|{ref} looks washed out|{ref} looks faded|{ref} is too grey|the colours of {ref} are too weak|the colours of {ref} are dull|the colors of {ref} are too pale|make the colours of {ref} stronger|make the colors of {ref} richer|make {ref} more vibrant|make {ref} more saturated|stronger colours for {ref}|richer colours in {ref}|{ref} with stronger colours|{ref} needs more colour|{ref} needs stronger colours|turn up the colours of {ref}|turn up the saturation of {ref}|pump up the colours in {ref}|more saturated {ref}|more colour in {ref}|colours of {ref} too weak, boost them|{ref} lacks colour|intensify the colours of {ref}".split("|")
ADJUST[("saturation", "-20")] += "{ref} is too saturated|{ref} is too vivid|{ref} is too vibrant|{ref} is too gaudy|{ref} is oversaturated|{ref} is garish|the colours of {ref} are too strong|the colours of {ref} are too loud|the colors of {ref} are too much|the colors of {ref} are too intense|colours of {ref} are too intense, mute them|make the colours of {ref} softer|make the colors of {ref} less intense|make {ref} less colourful|make {ref} less saturated|make {ref} less vivid|softer colours for {ref}|muted colours in {ref}|{ref} with softer colours|{ref} needs less colour|turn down the colours of {ref}|turn down the saturation of {ref}|less colour in {ref}|calmer colours for {ref}|take some colour out of {ref}".split("|")
ADJUST[("sharpen", "")] += "{ref} is blurry|{ref} is too blurry|{ref} looks blurry|{ref} is a bit blurry|{ref} is out of focus|{ref} is soft|{ref} is too soft|{ref} is fuzzy|{ref} is unsharp|{ref} isn't sharp|{ref} is not sharp enough|{ref} should be sharper|{ref} needs sharpening|make {ref} more sharp|make {ref} a bit sharper|make {ref} less blurry|can {ref} be sharper|more sharpness for {ref}|more sharpness in {ref}|increase the sharpness of {ref}|please sharpen {ref}|can you sharpen {ref} a bit|get {ref} sharper|{ref} crisper please|fix the blur in {ref}".split("|")
ADJUST[("blur", "")] += "{ref} is too sharp|{ref} is too crisp|make {ref} softer by blurring|make {ref} more blurry|make {ref} a bit blurry|make {ref} less sharp|blur {ref} slightly|blur {ref} please|blur {ref} a lot|blur the whole of {ref}|{ref} blurred|{ref} blurred please|{ref} out of focus please|put a blur on {ref}|a soft blur on {ref}|some blur on {ref}|can you blur {ref}|blur {ref} out|defocus {ref}|smear {ref} a bit".split("|")
ADJUST[("greyscale", "")] += "make {ref} grey|turn {ref} grey|{ref} in grey|{ref} in greyscale please|{ref} in grayscale|{ref} as black and white|a black and white version of {ref}|{ref} in b&w|{ref} b&w|{ref} b/w|b&w {ref}|b&w version of {ref}|black and white for {ref}|black and white, {ref}|make {ref} black & white|convert {ref} to black and white|turn {ref} into black and white|turn {ref} into greyscale|change {ref} to black and white|set {ref} to greyscale|can {ref} be black and white|could you make {ref} black and white|i want {ref} in black and white|i want {ref} without colour|{ref} without colour|{ref} without any colour|take the colour out of {ref}|take all the colours out of {ref}|strip the colour from {ref}|remove all colours from {ref}|fully desaturate {ref}|{ref} monochrome please|a monochrome {ref}|{ref} colourless".split("|")
ADJUST[("crop", "square")] += "crop {ref} to square format|crop {ref} to 1:1|cut {ref} square|{ref} as a square crop|make a square out of {ref}|{ref} cropped to a square|{ref} cut to a square|turn {ref} into a square|can you crop {ref} to a square".split("|")
ADJUST[("crop", "centre")] += "crop {ref} a bit|crop {ref} in|crop {ref} please|crop {ref} tighter|crop to the middle of {ref}|only the middle of {ref}|just the centre of {ref}|keep just the middle of {ref}|cut the edges off {ref}|cut the borders off {ref}|trim {ref}|trim {ref} a bit|remove the edges of {ref}|{ref} cropped to the centre|zoom in on {ref}|zoom into the centre of {ref}|zoom in a bit on {ref}".split("|")
ADJUST[("crop", "16:9")] += ["crop {ref} for widescreen", "make a 16:9 crop of {ref}", "{ref} cropped to 16:9", "trim {ref} to 16:9", "16:9 crop of {ref}"]
ADJUST[("crop", "4:3")] += ["make a 4:3 crop of {ref}", "{ref} cropped to 4:3", "4:3 crop of {ref}"]
ADJUST[("crop", "9:16")] += ["make a 9:16 crop of {ref}", "{ref} cropped to 9:16", "9:16 crop of {ref}", "trim {ref} to 9:16"]
ADJUST[("crop", "3:2")] = ["crop {ref} to 3:2", "trim {ref} to 3:2", "cut {ref} to 3:2", "{ref} cropped to 3:2", "3:2 crop of {ref}"]
ADJUST[("crop", "2:3")] = ["crop {ref} to 2:3", "trim {ref} to 2:3", "cut {ref} to 2:3", "{ref} cropped to 2:3"]
ADJUST[("crop", "3:4")] = ["crop {ref} to 3:4", "trim {ref} to 3:4", "cut {ref} to 3:4", "{ref} cropped to 3:4"]
_KEEP = """crop {ref} to the {side} half|keep only the {side} half of {ref}|keep the {side} half of {ref}|just the {side} half of {ref}|only the {side} half of {ref}|leave only the {side} half of {ref}|i only want the {side} half of {ref}|i just need the {side} part of {ref}|cut {ref} down to the {side} half|crop to the {side} half of {ref}|keep just the {side} part of {ref}|save only the {side} half of {ref}|show only the {side} half of {ref}|{ref} cropped to the {side} half""".replace("\n", "").split("|")
_CUT = """cut off the {side} half of {ref}|crop off the {side} half of {ref}|crop away the {side} half of {ref}|remove the {side} half of {ref}|cut the {side} half off {ref}|cut away the {side} half of {ref}|chop off the {side} half of {ref}|get rid of the {side} half of {ref}|drop the {side} half of {ref}|trim away the {side} half of {ref}|lose the {side} half of {ref}|crop out the {side} half of {ref}|delete the {side} half of {ref}|throw away the {side} half of {ref}|i don't need the {side} half of {ref}|slice off the {side} part of {ref}|cut off the {side} part of {ref}|take off the {side} half of {ref}""".replace("\n", "").split("|")
_SIDES = {"top half": (("top", "upper"), ("bottom", "lower")), "bottom half": (("bottom", "lower"), ("top", "upper")), "left half": (("left",), ("right",)), "right half": (("right",), ("left",))}
for _half, (_kept, _cut) in _SIDES.items():
    ADJUST[("crop", _half)] += [t.replace("{side}", side) for t in _KEEP for side in _kept] + [t.replace("{side}", side) for t in _CUT for side in _cut]
    ADJUST_HERE[("crop", _half)] = [t.replace("{side}", side).replace(" of {ref}", "").replace(" off {ref}", " off") for t in (*_KEEP[1:7], *_KEEP[9:13]) for side in _kept] + [t.replace("{side}", side).replace(" of {ref}", "").replace(" off {ref}", " off") for t in _CUT for side in _cut]
ADJUST[("resize", "50%")] += "halve {ref}|halve the size of {ref}|{ref} at half size|{ref} half as big|make {ref} half as big|make {ref} half as large|cut the size of {ref} in half|{ref} is too big|{ref} is too large|{ref} is too big, shrink it|make {ref} a smaller file|a smaller version of {ref}|{ref} smaller please|scale {ref} down to half".split("|")
ADJUST[("resize", "25%")] += "resize {ref} to one quarter|make {ref} a quarter as big|{ref} at a quarter of the size|quarter the size of {ref}".split("|")
ADJUST_HERE[("brightness", "+20")] += "more light|a little more light|brighter light|too dark!|way too dark|much too dark|so dark|bit dark|a bit dark|kinda dark|pretty dark|very dark|too dim|too gloomy|a little too dark|it's dark|it came out dark|i can't see anything, too dark|brighten|brighten up|brighten a bit|brighten please|lighten|lighten it up|lighten a bit|slightly brighter|a tad brighter|a touch brighter|more light overall|brighter!|make brighter|less dark|not so dark|underexposed".split("|")
ADJUST_HERE[("brightness", "-20")] += "too bright|too bright!|way too bright|much too bright|so bright|bit bright|a bit bright|kinda bright|pretty bright|very bright|too light|a little too bright|it's so bright|it came out too bright|darken|darken a bit|darken please|slightly darker|a tad darker|a touch darker|dim it|dimmer|dimmer please|make darker|less bright please|not so bright|overexposed|blinding".split("|")
ADJUST_HERE[("contrast", "+20")] += "too flat|a bit flat|looks flat|flat colours, more contrast|not enough contrast|too little contrast|stronger contrast|bump the contrast|punchier|contrasty please".split("|")
ADJUST_HERE[("contrast", "-20")] += "too harsh|too contrasty|contrast is too high|contrast too strong|softer contrast|weaker contrast|lower the contrast|reduce contrast".split("|")
ADJUST_HERE[("saturation", "+20")] += "too pale|too dull|washed out|too grey|looks faded|colours too weak|richer colours|more vibrant|more vibrant please|more colour|boost the colours|stronger colors|saturate|not colourful enough".split("|")
ADJUST_HERE[("saturation", "-20")] += "too vivid|too saturated|too gaudy|garish|colours too strong|colors are too strong|mute the colours|desaturate|desaturate a bit|less colour|calmer colours|less vivid please".split("|")
ADJUST_HERE[("sharpen", "")] += "too blurry|so blurry|a bit blurry|blurry|it's out of focus|out of focus|not sharp|not sharp enough|crisper|crisper please|more sharpness|fuzzy|it's fuzzy".split("|")
ADJUST_HERE[("blur", "")] += "too sharp|too crisp|blur please|blur a bit|blurry please|soft focus please|make blurry|slight blur".split("|")
ADJUST_HERE[("greyscale", "")] += "b/w|b/w please|b&w please|grey please|in grey|in greyscale|make black and white|convert to black and white|no colour|no colour please|colourless|remove the colour|remove all colour|turn black and white|all grey".split("|")
ADJUST_HERE[("flip", "horizontal")] += "flip please|mirror please|mirrored|flipped please|mirror that|mirror left and right|swap left and right".split("|")
ADJUST_HERE[("crop", "square")] += "crop to square|square crop|cut square|trim to a square".split("|")
ADJUST_HERE[("resize", "50%")] += "shrink please|too big|too large|smaller please|halve|half as big|make it half the size".split("|")
ADJUST_NUMBER["rotate"] += """rotate {ref} {n}°|rotate {ref} {n} degrees clockwise|rotate {ref} {n}|turn {ref} {n} degrees|turn {ref} {n}|spin {ref} {n} degrees|rotate {ref} {n} degrees to the right|{n} degree rotation of {ref}|{ref} rotated by {n} degrees|rotate {ref} {n} deg|turn {ref} {n} degrees clockwise|please rotate {ref} by {n} degrees|can you rotate {ref} {n} degrees""".replace("\n", "").split("|")
ADJUST_NUMBER["-rotate"] = """rotate {ref} {n} degrees counterclockwise|rotate {ref} {n} degrees to the left|turn {ref} {n} degrees left|rotate {ref} by -{n}|rotate {ref} -{n} degrees|turn {ref} {n} degrees anticlockwise|rotate {ref} {n} degrees left|spin {ref} {n} degrees counterclockwise|rotate {ref} {n}° counterclockwise|turn {ref} {n} degrees to the left""".replace("\n", "").split("|")
ADJUST_NUMBER["brightness"] += "raise the brightness of {ref} by {n}|brightness of {ref} up by {n}|{n} percent brighter, {ref}|make {ref} brighter by {n}|{n}% brighter for {ref}|+{n} brightness on {ref}|lighten {ref} by {n}%|add {n} brightness to {ref}|{ref} brightness {n}|turn the brightness of {ref} up by {n}".split("|")
ADJUST_NUMBER["-brightness"] += "lower the brightness of {ref} by {n}|brightness of {ref} down by {n}|{n} percent darker, {ref}|make {ref} darker by {n}|{n}% darker for {ref}|-{n} brightness on {ref}|dim {ref} by {n}%|{ref}: brightness -{n}|turn the brightness of {ref} down by {n}|decrease the brightness of {ref} by {n}".split("|")
ADJUST_NUMBER["contrast"] += "turn up the contrast of {ref} by {n}|+{n} contrast on {ref}|contrast up {n} on {ref}|make the contrast of {ref} {n}% stronger|contrast of {ref} up by {n}".split("|")
ADJUST_NUMBER["-contrast"] += "reduce the contrast of {ref} by {n}|{ref}: contrast -{n}|-{n} contrast on {ref}|contrast of {ref} down by {n}|contrast down {n} on {ref}|decrease the contrast of {ref} by {n}%|turn down the contrast of {ref} by {n}".split("|")
ADJUST_NUMBER["saturation"] += "raise the saturation of {ref} by {n}|+{n} saturation on {ref}|saturation up {n} on {ref}|saturation of {ref} up by {n}|make the colours of {ref} {n}% stronger".split("|")
ADJUST_NUMBER["-saturation"] += "reduce the saturation of {ref} by {n}|{ref}: saturation -{n}|-{n} saturation on {ref}|saturation of {ref} down by {n}|lower the saturation of {ref} by {n}%|decrease the saturation of {ref} by {n}".split("|")
ADJUST_NUMBER["blur"] += "a blur of {n} on {ref}|{ref} blurred by {n}|blur radius {n} on {ref}|blur {ref} with {n} pixels|apply blur {n} to {ref}|gaussian blur {n} on {ref}".split("|")
ADJUST_NUMBER["resize"] += "resize {ref} to {extent} pixels|resize {ref} to {extent} px|scale {ref} down to {extent}|shrink {ref} to {extent}|{ref} resized to {extent}|can you resize {ref} to {extent}|set {ref} to {extent}|i want {ref} in {extent}|make {ref} exactly {extent}|{ref} as {extent}".split("|")
ADJUST_NUMBER["crop"] = "crop {ref} to {extent}|cut {ref} to {extent}|trim {ref} to {extent}|crop {extent} out of {ref}|{ref} cropped to {extent}|crop {ref} down to {extent}|a {extent} crop of {ref}|cut a {extent} piece out of {ref}".split("|")
ADJUST_NUMBER["resize%"] += "scale {ref} down to {n}%|reduce {ref} to {n}%|{ref} at {n}% size|resize {ref} down to {n}%|make {ref} {n}% of its size|shrink {ref} to {n} percent|bring {ref} to {n} percent|scale {ref} by {n}%|{ref} resized to {n}%|{n}% of the size for {ref}".split("|")
LOOK += """explain {ref}|explain {ref} to me|describe {ref} to me|describe {ref} please|describe what's in {ref}|what's on {ref}|what is on {ref}|what do we see in {ref}|what does {ref} look like|how does {ref} look|what is this in {ref}|tell me what you see in {ref}|tell me what {ref} shows|tell me what's in {ref}|tell me more about {ref}|what can be seen in {ref}|read {ref}|summarise {ref}|check out {ref}|take a closer look at {ref}|look closely at {ref}|can you see what's in {ref}|can you tell me about {ref}
|what are the main colours of {ref}|what colours does {ref} have|how dark is {ref}|how bright is {ref}|when was {ref} made|from what was {ref} made|what did i say for {ref}|what did i ask for in {ref}|what words made {ref}|what was {ref} edited from|which picture is {ref} based on|what's the size of {ref}|how large is {ref}|what resolution has {ref}|what resolution is {ref}|what's the resolution of {ref}|show me the details of {ref}|properties of {ref}|how did you make {ref}|how did we get {ref}|what seed did you use for {ref}|what preset made {ref}|with what prompt was {ref} made""".replace("\n", "").split("|")
QUESTIONS += """is there any {noun}|are there {noun}s|are there any {noun}s|does it have a {noun}|does it show a {noun}|do you see a {noun}|do you see any {noun}s|can you see the {noun}|how many {noun}s do you see|how many {noun}s can you count|how many people do you see|count the {noun}s|what colour is {part}|what colour are the {noun}s|which colour has the {noun}|is the {noun} {doing}|is the {noun} {place}|is it day or night|is it sunny|is it summer or winter|what season is it|what's the mood|what is behind the {noun}|what is next to the {noun}|what's in front of the {noun}|what is the {noun} made of|what is the {noun} wearing|what is the {noun} holding|who is that|what's that {adjective} thing|what's that thing {place}|is the sky {to}|does the {noun} look {adjective}|is the {noun} smiling|is it too dark|does it look good|is there something {place}|what kind of {noun} is it""".replace("\n", "").split("|")
LOOK_QUESTION += """{question} on {ref}|{question} on {ref}?|on {ref}, {question}?|{question}, in {ref}|can you look at {ref} and tell me {question}|can you check {question} in {ref}|please check {ref}: {question}|i want to know {question} in {ref}|tell me, {question} in {ref}?|for {ref}: {question}|question about {ref}: {question}|see {ref}: {question}?|in {ref} {question}|do you know {question} in {ref}""".replace("\n", "").split("|")
LOOK_HERE = """{question}|{question}?|{question}|tell me, {question}?|can you tell me {question}|hey, {question}?|look, {question}?|so {question}?""".replace("\n", "").split("|")
FIND += """find {query} please|find me {query}|find me the picture of {query}|can you find {query}|can you find the picture of {query}|can you search for {query}|could you find {query}|could you look for {query}|please find {query}|please search for {query}|search for pictures of {query}|search for the picture with {query}|search for images of {query}|search pictures with {query}|look for pictures of {query}|look for the one with {query}|look up {query}|where's {query}|where is the one with {query}|where is my picture of {query}|where are the pictures of {query}|where are my {query} pictures
|which ones have {query}|which pictures have {query}|which ones show {query}|which one shows {query}|which one has {query}|which picture had {query}|which of these has {query}|which images show {query}|what pictures have {query}|do i have {query}|do i have any {query}|do i have anything with {query}|do we have {query}|do we have anything with {query}|did i make {query}|did i ever draw {query}|did we make a picture of {query}|have we drawn {query} yet|have i already drawn {query}|is there a picture of {query}|is there anything with {query}|is there one with {query} somewhere|are there any with {query}|are there pictures with {query}|any pictures of {query}|any picture with {query}|anything with {query}|show all {query} pictures|show me everything with {query}|show me my {query} pictures|show me all the {query} ones|list all pictures of {query}|list everything with {query}|list the {query} ones|i can't find {query}|i can't find the picture of {query}|i'm looking for {query}|i need to find {query}|i once made {query}, where is it|i made {query} the other day, find it|remember {query}? find it|go find {query}|dig out {query}|dig up the picture of {query}|get my old {query} picture|help me find {query}|find anything about {query}|find all {query}|find everything with {query}|filter by {query}|search {query}""".replace("\n", "").split("|")
CHECK_TEXT += """is it ok to draw {target}|is it okay to draw {target}|is it fine to paint {target}|is it alright to ask for {target}|may i draw {target}|may i ask for {target}|can i draw {target} or is it forbidden|can i make {target} or will it be blocked|am i allowed to make {target}|am i allowed to ask for {target}|would it be ok to paint {target}|would it be allowed to draw {target}|would a picture of {target} be allowed|would a picture of {target} be blocked|would a drawing of {target} be ok|would you allow {target}|would you block {target}|do you allow {target}|do you block {target}|will {target} be allowed|will {target} get through the filter|will {target} pass|does {target} get blocked|does the filter block {target}|does the filter allow {target}|does the filter let {target} through|is {target} blocked|is {target} permitted|is {target} forbidden|is {target} okay|is {target} acceptable|is {target} safe to draw|is a picture of {target} allowed|is a picture of {target} okay|is this allowed: {target}|is this safe: {target}|is this prompt safe: {target}|is this ok: {target}|check {target} for safety|check whether {target} is allowed|check whether {target} passes|check whether {target} passes the filter|check if {target} is allowed|check if {target} would be blocked|check if {target} passes|check this: {target}|check this text: {target}|check the prompt {target}|check the words {target}|check the text {target}|test {target} against the filter|test the filter with {target}|run {target} through the filter|run {target} through the safety filter|run the safety check on {target}|safety check on {target}|safety check for {target}|what does the filter say about {target}|what would the filter say to {target}|tell me if {target} is allowed|tell me whether {target} would be blocked|i wonder if {target} is allowed|can you check if {target} is ok|could you check whether {target} is safe""".replace("\n", "").split("|")
CHECK_IMAGE += """is {ref} okay|is {ref} ok for kids|is {ref} suitable for children|is {ref} suitable for work|is {ref} fine for school|is {ref} clean|is {ref} harmless|is {ref} family friendly|is {ref} appropriate|is {ref} sfw|is {ref} safe for children|is {ref} safe to share|is {ref} safe to post|could {ref} be blocked|would the filter block {ref}|does the filter like {ref}|does the filter block {ref}|did {ref} pass the filter|did {ref} pass the safety check|has {ref} been checked|check {ref}, is it safe|check {ref} please, is it safe|check that {ref} is safe|check {ref} with the safety filter|do a safety check on {ref}|do a safety check of {ref}|safety check on {ref}|run the safety filter on {ref}|run {ref} through the filter|run {ref} through the safety check|test {ref} for safety|safety of {ref}|can you check if {ref} is safe|could you check {ref} for safety|please check if {ref} is safe|can i post {ref} or is it nsfw|can i show {ref} to kids|can i publish {ref} safely|is there nudity in {ref}|is there violence in {ref}|does {ref} contain nudity|what does the filter say about {ref}""".replace("\n", "").split("|")
# ----------------------------------------------------------------------------------------------------------------------------- referring
IT += ["it", "it", "it", "this", "that", "the current one", "the one here", "this here", "the picture here", "this image here"]
NEWEST += "the last pic|the latest picture|the latest pic|the newest picture|the most recent|the most recent picture|the one you made last|the one from just now|the last one you made|the new one|the new picture|the result".split("|")
SELECTED += "the selected image|the selected pic|the picture i selected|the picture i picked|the picture i clicked|the one i chose|the one that's selected|what i selected|the marked one|the one i marked".split("|")
NUMBER += "#{n}|#{n}|no {n}|image no. {n}|picture nr {n}|the picture #{n}|picture number {n}|image number {n}|photo {n}|photo number {n}|the one with number {n}|pic number {n}|pic #{n}|number {n} on the shelf|img {n}".split("|")
ORDINAL += "the {o} one|the {o} one|the {o}|the {o} photo|{o} one|{o} picture|the {o} of them|the {o} of those|the {o} of these|the {o} version|the {o} option|number {w}|picture number {w}|image number {w}|pic {w}".split("|")
BY_WORD += "the {noun} photo|{noun} one|{noun} picture|the {noun} drawing|that {noun} picture|that {noun} one|this {noun}|that {noun}|my {noun}|the {noun} painting|the picture that shows the {noun}|the picture where the {noun} is|the one where you drew the {noun}|the one showing the {noun}|the {noun} from before|the {noun} from earlier|our {noun}|the image of the {noun}|the image with the {noun}|the {noun} you drew|the {noun} you made|the {noun} i asked for".split("|")
OTHER = ["the other one", "the other picture", "the other", "the other image", "not this one, the other one"]
BY_EDIT = """the {what} one|the {what} version|the one with the {what}|the version with the {what}|the picture with the {what}|the {what} picture|the one where you added the {what}|the one that has the {what}|the version that got the {what}|the image with the {what}""".replace("\n", "").split("|")
BEFORE_EDIT += "the picture without {what}|the image before {what}|the one before adding {what}|the one you made before {what}|what we had before {what}|the version prior to {what}|the one where there was no {what}|the state without {what}".split("|")
UPLOADED += "my image|my own photo|my own image|the photo of mine|the photo i gave you|the picture i sent|the picture i gave you|the image i uploaded|the uploaded photo|the uploaded picture|my file|the file i uploaded|the photo i dropped here|that photo of mine|the pic i uploaded|the one from my disk".split("|")
ROOT += ["the very original", "the starting picture", "what we started with", "the one we started from"]
PARENT += ["the previous one", "the version right before", "the picture it was made from", "the one it came from", "the state before", "the prior version", "the one without the last change", "the version without the last change"]
BOTH += "the both|each of the two|both photos|both ones|both of these|both of those|these two|those two|the two pictures|the two images|the pair".split("|")
ALL += "all of these|all of those|all these|these all|all the images|every image|every one|the whole lot|all ones|every single one|each one|all my pictures|the {n} of them|all {n} pictures|all {n} images|these {n}|the whole set|the lot".split("|")
LISTED = "{a} and {b}|{a} and {b}|{a} and {b}|both {a} and {b}|{a} & {b}|{a} as well as {b}|{a} plus {b}|{a}, {b}|{a} and also {b}".split("|")
FEW = "the first {n}|the last {n}|the first {n} pictures|the last {n} pictures|the first {n} ones|the last {n} ones|the {n} newest|the first {n} images|the last {n} images".split("|")
THEN += """, then please |. then please |, and then please | and please |, followed by: |. when that's done, |. once done, | and finally | and lastly |, plus |. oh and |. and |. after this, |, and after that | and next |. second: | - then | -> |, then also | then please | and then also |; afterwards """.replace("\n", "").split("|")
# these start a second step even where what went before and what comes are changes of the same kind
THEN_STRONG = """, then |. then |, and then | and then | then |. after that |; then |, afterwards | and after that |. when that's done, |. once done, |. then please |, then please |. as a second step |, and after that |. in a second step, |. next step: |; afterwards | -> |. afterwards """.replace("\n", "").split("|")
ALSO_DRAW += """ and also draw {prompt}| and also draw {prompt} in another picture| and a separate picture of {prompt}|, and then a picture of {prompt}|. and a second one with {prompt}|. and another picture: {prompt}|, also a picture of {prompt}| and in a second image {prompt}|. the second picture should show {prompt}| and after that draw {prompt}|. next, draw {prompt}|, and another picture of {prompt}| plus another picture with {prompt}|, afterwards draw {prompt}| and then also paint {prompt}""".replace("\n", "").split("|")
POLITE_BEFORE += """hi, |hey |hello! |good morning, |hi easel, |easel, |yo, |okay |okay, |okay so |um, |uh |so um |well um |alright so |yeah so |so yeah |ok cool, |ok great, |ok thanks, |nice one. |that's nice. |i like that. |beautiful. |love it. |haha nice. |very good. |good job. |great job, |excellent. |amazing, |sweet, |fine. |fine, |sure, |yes please, |yep, |no wait, |wait |listen, |look, |hmm ok |hmm, |quick one: |one more: |if you can, |if possible, |when you have time, |would you kindly |kindly |be so kind and |pretty please |do me a favour: |dear easel, |hello again, |me again. |sorry, |sorry but |pardon, |oh |oh, |ah, |aha, |i know, |you know, |so like |like, |basically |anyway, |anyways, |right so |so, |now then, |next, |and now """.replace("\n", "").split("|")
POLITE_AFTER += """ thank you|. thank you| thank you!|. thanks|. thanks!|, thx|, cheers| cheers|, please!| please!| :-)| ;)| xx|!!!|??| right now| quickly| when you can| if that works| if that's ok|, is that possible| - is that possible?| , please|, if you don't mind|, ok| ok| alright?| yeah?| k?| k thx| pls!| plz!| pls thx| for me please| for me, thanks| for me pls|. that would be great|. would be lovely|, that'd be great| that would be awesome| i'd appreciate it| ty|, ty""".replace("\n", "").split("|")
SLANG |= {"something": "smth", "with": "w/", "without": "w/o", "before": "b4", "okay": "k", "really": "rly", "what is": "whats", "that is": "thats", "i am": "im", "i want": "i wan", "could you": "could ya", "them": "em", "little": "lil", "background": "bg", "version": "ver", "pictures": "pix", "got to": "gotta", "kind of": "kinda", "image": "img", "colour": "color", "grey": "gray"}
TOO += """{ref} as well please|{ref} also|{ref} also please|and also {ref}|and {ref} as well|and {ref} also|and {ref} please|then {ref}|then {ref} too|now also {ref}|now do {ref}|now do {ref} too|now the same on {ref}|now the same with {ref}|now the same for {ref}|do {ref} too|do {ref} as well|do {ref} also|do that for {ref}|do that for {ref} too|do that with {ref}|do it for {ref} too|do the same for {ref}|do the same on {ref}|do the same thing to {ref}|do the same thing with {ref}|do exactly the same to {ref}|the same on {ref}|the same to {ref} please|the same with {ref} please|the same thing for {ref}|same on {ref}|same with {ref}|same with {ref} please|same to {ref}|same goes for {ref}|the same goes for {ref}|apply the same to {ref}|apply this to {ref} too|repeat for {ref}|repeat this for {ref}|repeat with {ref}|again for {ref}|again on {ref}|can you do {ref} too|can you do that to {ref}|could you do the same for {ref}|i want the same for {ref}|also on {ref}|also for {ref}|also {ref} please|please do the same with {ref}|please also {ref}|how about {ref} too|what about {ref}|what about {ref} too|oh and {ref}|plus {ref}|{ref} needs that too|{ref} should get that too|ditto for {ref}|ditto {ref}""".replace("\n", "").split("|")
AGAIN += """another|another one like that request|again!|once again|one more time please|one more try|one more attempt|try it again|try that again|try once more|please try again|can you try again|could you try again|can you try that once more|do that again|do it once more|do it one more time|do it over|do that over|redo that|redo this|re-do it|rerun|rerun it|run it again|run that again|repeat that|repeat please|repeat it|draw that again|draw it once more|draw another one|paint it again|paint another one|make it again|make one more|make a new one|make me another|give me one more|give me a new one|give it another try|give it another shot|another attempt|another shot|another go|new try|new version please|a fresh one|fresh attempt|let's try again|let's try that again|let's do that again|let's have another one|i want another one|i want one more|i'd like another one|i'd like to see another one|show me another|show me another one|show me one more|again with other luck|same again please|the same again|the same once more|exactly the same again|not good, again|that's not it, try again|hmm, again|nope, again|no, try again|no, again|not happy, try again|bad luck, again|roll the dice again|reroll please|regenerate please|regenerate that""".replace("\n", "").split("|")
SAME_BUT += """the same one but {but}|the same one {but}|the same one, {but}|same one but {but}|same one {but}|same as before but {but}|the same as before but {but}|the same as before, {but}|exactly the same but {but}|just the same but {but}|pretty much the same but {but}|same subject but {but}|same subject, {but}|same thing, {but}|same thing {but}|the same thing but {but}|the same scene but {but}|the same image but {but}|same image but {but}|draw it again but {but}|draw that again but {but}|draw that again, {but}|paint it again but {but}|paint the same but {but}|paint the same {but}|make the same but {but}|make another one but {but}|make another one {but}|another one but {but}|another one {but}|another, but {but}|one more but {but}|one more, {but}|one more time but {but}|do it again but {but}|do it again {but}|do that again but {but}|do that once more but {but}|once more {but}|once again but {but}|try again but {but}|try again {but}|try it again {but}|try the same {but}|try that {but}|redo it but {but}|redo that {but}|redo {but}|repeat but {but}|repeat, {but}|i want the same but {but}|i want the same {but}|i'd like the same but {but}|i'd like it again but {but}|give me the same but {but}|give me the same {but}|show me the same but {but}|show me the same {but}|could you do the same but {but}|could i see the same {but}|can i have the same but {but}|can i get the same {but}|can we do that again but {but}|let's do the same but {but}|let's try the same {but}|let's try that {but}|how about the same but {but}|how about the same {but}|what about the same {but}|now the same one {but}|now the same but {but}|now again but {but}|new try, {but}|similar but {but}|same prompt, {but}|same words but {but}""".replace("\n", "").split("|")
NOTHING += """draw me a pic|draw me an image|draw me anything|draw something nice|draw something cool|draw something for me|draw something please|draw a pic|draw an image|draw a picture please|draw please|paint a picture|paint me a picture|paint an image|paint please|paint something nice|paint something for me|paint anything|make a new picture|make a new image|make a drawing|make a painting|make something nice|make something cool|make something pretty|make me something|make me an image|make me a drawing|create a picture|create an image|create a new image|create some art|create something new|create something for me|generate something|generate a picture|generate a new picture|generate an image please|generate art|generate something nice|i want an image|i want a drawing|i want a new picture|i want art|i want you to draw|i want you to draw something|i want something drawn|i need a picture|i need a new picture|i need art|i need something to hang up|i'd like a picture|i'd like a drawing|i'd like you to paint something|i would like a picture|i would like an image please|could you draw something|could you paint something|could you make an image|could you make a picture|could i have a picture|could i get an image|can i get a picture|can i have a drawing|can you make a picture|can you create an image|can you generate an image for me|can you paint a picture|can you paint something for me|can you make me a picture|would you draw something|would you paint me something|will you draw me something|let's draw|let's draw something|let's paint|let's create something|let's make art|let's make something new|time for a new picture|new drawing|new image please|a new image|a new one please, something else|another picture, something different|an image please|an image|a drawing please|a painting please|picture|draw!|start drawing|begin|surprise me|be creative|something pretty please|anything|whatever you like|show me something|show me a picture|show me something nice|gimme a picture|gimme something|give me something nice|give me an image|give me art""".replace("\n", "").split("|")
NO_CHANGE += """i want something changed in {ref}|i want {ref} changed|i want {ref} to be different|i would like to change {ref}|i'd like to change something in {ref}|i need to edit {ref}|i need {ref} changed|i want to edit {ref}|i want to modify {ref}|let's change {ref}|let's edit {ref}|let's work on {ref}|can you change {ref}|can you change something in {ref}|can you modify {ref}|can you make changes to {ref}|can you fix {ref}|can you improve {ref}|can you alter {ref}|could you edit {ref}|could you change {ref}|could you improve {ref}|would you change {ref}|please change {ref}|please edit {ref}|please fix {ref}|please improve {ref}|change something in {ref}|change something about {ref}|change {ref} please|change {ref} a bit|edit {ref} for me|make some changes to {ref}|make changes in {ref}|make an edit to {ref}|make {ref} better|make {ref} nicer|make {ref} look better|make {ref} good|do an edit on {ref}|{ref} needs work|{ref} needs a change|{ref} needs some changes|{ref} needs editing|{ref} isn't right, change it|{ref} is not what i wanted, change it|{ref} could be better|{ref} should be different|something is off with {ref}, fix it|i'm not happy with {ref}, change it|tweak {ref}|touch up {ref}|retouch {ref}|polish {ref}|update {ref}|revise {ref}|enhance {ref}""".replace("\n", "").split("|")
NO_CHANGE_HERE = """change something|i'd like to change something|can you change something|can you edit something|edit|change|modify|edit please|make a change|make some changes|something should be different|it needs a change|can we change something|could you change a thing|i need an edit|let's edit|let's change something|fix|improve|make better""".replace("\n", "").split("|")
SEEK_NOTHING += """search please|search for a picture|find me a picture|find one of my pictures|can you find something|can you find a picture|can you look for a picture|i want to find a picture|i'd like to search|i want to search my pictures|search my old pictures|look for something|look something up|help me find a picture|help me find something|find an old picture|i lost a picture|i can't find a picture|look through my pictures""".replace("\n", "").split("|")
LIST += """show me all my pictures|show me what we have|show me what we have so far|show me my pictures|show all pictures|show the shelf|show me the shelf|show me the pictures|which pictures do i have|which pictures did we make|which pictures are on the shelf|which images do we have|which images are there|what images do i have|what images are there|what images do we have so far|what pictures are there|what pictures did we make|what pictures have i made|what did we make so far|what did we draw so far|what have i made|what have we got|what have we got so far|what's there|what is on the shelf|list the pictures|list all pictures|list all my images|list the images|list them|a list of my pictures please|give me a list of the pictures|give me a list|can you list my pictures|can you list what we have|can i see all my pictures|how many images are there|how many pictures are there|how many pictures do i have|how many are there|overview please|summary of the pictures|tell me which pictures we have|remind me what we made|remind me which pictures there are""".replace("\n", "").split("|")

# ------------------------------------------------------------------------------------------------- what to answer without a tool, once more
# fillable answers: {noun} a thing, {name} a name, {n} a number
_ONLY_PICTURES = "I only make and change pictures; for that I can't help."
TALK[_ONLY_PICTURES] += """write a poem about {noun}s|write me a poem about {noun}s|write a story about a {noun}|tell me a story about a {noun}|tell me a joke about {noun}s|tell me something about {noun}s|can you write a song about {noun}s|write a haiku about a {noun}|write a letter to {name}|write an email to {name}|write a limerick about a {noun}|write an essay about {noun}s|write me a short text about {noun}s|write a recipe for {noun}|write the lyrics for a song
|can you compose a song about a {noun}|compose some music|make music|play a song about {noun}s|play something by {name}|sing me something|make a video of a {noun}|make a video of the {noun}|make a film about {noun}s|make a movie of the {noun}|create a video with a {noun}|create an animation of a {noun}|animate the {noun}|animate this|can you animate it|can you make it move|let the {noun} move|make the {noun} move in a video|make a gif of it|make a gif of the {noun}|make an animated gif|turn it into a gif|turn this into a video|turn the picture into a movie|a video of a {noun} please|i want a video of a {noun}|i want an animation
|what is {n} plus {n}|what's {n} times {n}|how much is {n} + {n}|calculate {n} * {n}|{n} + {n}|whats {n} minus {n}|what is the square root of {n}|translate {noun} to french|translate this into spanish|how do you say {noun} in italian|what does {noun} mean|what's the word for {noun} in german|spell {noun}|define {noun}|who is {name}|who was {name}|who invented the {noun}|when was the {noun} invented|how old is {name}|where is {name}|where does {name} live|how tall is a {noun}|how heavy is a {noun}|how fast is a {noun}|how many {noun}s are there in the world|how many legs has a {noun}|what do {noun}s eat|why do {noun}s sleep|are {noun}s dangerous|how do i cook a {noun}|how do i fix my {noun}|how do i build a {noun}|how do i get to {name}
|what's the weather in {name}|will it rain tomorrow|what's the time in {name}|what's the date today|book me a table|book a hotel in {name}|order a {noun}|buy me a {noun}|buy a {noun} online|how much is a {noun}|where can i buy a {noun}|call {name}|call a taxi|text {name}|send it to {name}|send this to {name}|mail it to {name}|email the picture to {name}|share it with {name}|share this on facebook|upload it to the web|put it on my website|tweet it|post this to twitter|print this please|print the picture|set an alarm for {n}|remind me at {n}|remind me to call {name}|turn on the light|turn off the music|open the {noun} app|open a website|google {noun}s|search the internet for {noun}s|look up {noun} on wikipedia|what's new today|read me the news
|write a python script|write code for a {noun}|fix my code|debug this program|make a website|make a website about {noun}s|make a spreadsheet|make a powerpoint about {noun}s|make a pdf|make a 3d model of a {noun}|make a 3d print of it|build an app|make a game about {noun}s|make a sound|what sound does a {noun} make|read this aloud|say hello to {name}|recommend a book about {noun}s|recommend a restaurant|which movie should i watch|what should i eat|what should i wear today|give me advice|do you love me|do you have feelings|will you marry me|what do you think about {name}|who will win the election|what is love|is there a god|why is the sky blue|give me a riddle|give me a password|give me lottery numbers|play chess with me|let's play a game|flip a coin|roll a die for me|help me with my taxes|help me with my homework|solve x + {n} = {n}|prove the theorem|summarise this book|summarise the news""".replace("\n", "").split("|")
_FOREIGN = "I understand English only, sorry. Could you say it in English?"
TALK[_FOREIGN] += """male einen hund im garten|zeichne bitte ein haus am see|kannst du mir ein pferd malen|kannst du es heller machen|ich möchte ein bild von einem schiff|mach das bild größer|dreh das bild um|das zweite bitte in schwarz weiß|mach den himmel blau|entferne den hintergrund|füge einen mond hinzu|noch eins bitte|wie geht es dir|was kannst du|danke schön, das ist toll|bitte noch mal|nein, das andere bild|ein roter fuchs im wald
|dessine-moi un mouton|dessine un cheval dans la neige|je voudrais une image de la tour eiffel|peux-tu agrandir l'image|rends-la plus sombre|ajoute un chapeau|enlève le fond|fais-moi un portrait|une maison au bord de la mer|s'il te plaît un chien|merci beaucoup|comment ça va|encore une fois|la deuxième en plus grand|change la couleur du ciel|un chat noir sur un toit|qu'est-ce que tu sais faire
|dibuja una casa en la montaña|quiero una imagen de un caballo|puedes hacerla más grande|hazlo más oscuro|quita el fondo|añade un sombrero|la segunda en blanco y negro|muchas gracias|cómo estás|otra vez por favor|un gato negro en el tejado|pinta el cielo de azul|me gustaría un paisaje|qué puedes hacer|disegna una casa sul lago|vorrei un'immagine di un cavallo|puoi ingrandirla|rendila più scura|togli lo sfondo|aggiungi un cappello|grazie mille|un gatto nero sul tetto|come stai|desenha uma casa|quero uma imagem de um cavalo|podes aumentar|muito obrigado|um gato preto|tire o fundo
|teken een huis aan zee|ik wil een foto van een paard|kun je het groter maken|maak het donkerder|dank je wel|een zwarte kat op het dak|rita ett hus vid havet|jag vill ha en bild av en häst|kan du göra den större|tack så mycket|tegn et hus ved havet|kan du gjøre det større|piirrä talo|kiitos paljon|narysuj dom nad morzem|powiększ to proszę|dziękuję|czarny kot na dachu|nakresli psa|rajzolj egy kutyát|köszönöm szépen|deseneaza un caine|bir ev çiz lütfen|teşekkürler|gambar seekor kucing|terima kasih|vẽ một ngôi nhà|cảm ơn bạn
|нарисуй собаку|сделай ярче|спасибо большое|ещё раз пожалуйста|намалюй кота|画一只狗|把它变亮|谢谢|再来一张|请把背景去掉|犬を描いてください|もっと大きくして|ありがとう|もう一回|강아지를 그려줘|더 크게 해줘|고마워|ارسم كلبا|شكرا|כלב בשלג|ζωγράφισε μια γάτα|ευχαριστώ|कुत्ता बनाओ|धन्यवाद|วาดรูปแมว""".replace("\n", "").split("|")
for _answer, _more in {
    "Hello!": "hi easel|hello!|hey!|hey there|hi there!|hello you|good day|good morning easel|good afternoon easel|hi everyone|hey hey|hello again|hi again|hullo|ello|heyo|hey bot|hello bot|hi computer|hello computer|evening|afternoon|morning|g'day|what's up|whats up|wassup|how are you|how are you doing|how's it going|how do you do|nice to meet you|anyone there|are you there|hello anyone|hi how are you|hey how are you today|i'm back|back again",
    "You are welcome.": "thanks!|thank you!|thank u|thank you easel|thanks easel|thanks again|thank you again|thanks a bunch|thanks a ton|thanks a million|thanks for that|thanks for the picture|thanks for your help|thank you for this|thank you for your help|thank you kindly|thanks mate|thanks buddy|thanks man|thx!|thnx|tnx|tks|ty!|ty so much|big thanks|appreciate it|i appreciate it|very kind of you|that's very kind|you've been a great help|that helped|ok thank you|okay thanks|great thanks|perfect thanks|cool thanks|nice, thanks|awesome, thank you|wonderful, thank you|lovely, thanks|good, thanks",
    "I am glad": "so nice|so cool|so good|so beautiful|so pretty|how cute|how lovely|how beautiful|how nice|that's nice|that's cool|that's great|that's beautiful|that's amazing|that's perfect|that's lovely|that's pretty|that's awesome|this is great|this is perfect|this is amazing|this is beautiful|this is lovely|this is cool|this is so good|this is exactly right|i really like it|i really like this|i really love it|i love this|i love this one|i love that|i like that|i like this|like it|love it|love this|loving it|looks great|looks nice|looks awesome|looks perfect|looks fantastic|looks lovely|it looks great|it looks really good|it's perfect|it's beautiful|it's great|it's lovely|it's wonderful|it's amazing|excellent|excellent work|great work|great job|good work|good one|nice one|nice job|neat|sweet|stunning|marvellous|wonderful|gorgeous|impressive|splendid|magnificent|incredible|super|very good|very cool|very pretty|pretty good|not bad|not bad at all|better than expected|much better|wow, nice|wow amazing|wow that's good|omg|omg i love it|yay|hooray|bravo|spot on|that's it|exactly what i had in mind|just what i wanted|you're the best|you're amazing|you are great|you nailed it|nailed it|10/10|first class|so much better",
    "I am sorry.": "i don't like this|i don't like that|i don't like it at all|i dont like it|don't like it|not what i wanted|not what i meant|not what i asked for|that isn't what i wanted|that's not what i meant|that's not what i asked for|that's not right|that's not good|that's bad|that's ugly|that's awful|that's terrible|that is wrong|that looks bad|that looks wrong|that looks ugly|that looks awful|this looks bad|this looks wrong|this looks terrible|this is wrong|this is not right|this is not what i wanted|this is ugly|this is awful|this is terrible|this is horrible|it's wrong|it's ugly|it's bad|it's not right|it's not what i wanted|it's horrible|it looks bad|it looks wrong|it looks terrible|it looks awful|looks bad|looks wrong|looks weird|looks terrible|looks ugly|wrong|so bad|so ugly|very bad|really bad|pretty bad|yuck|ew|eww|boo|no no no|oh no|gross|what a mess|that's a mess|rubbish|garbage|trash|lame|boring|not great|not nice|not it|you're bad at this|you are bad at drawing|you can't draw|you're useless|you suck|this sucks|that sucks|you didn't listen|you misunderstood me|you misunderstood|that's not it|i'm disappointed|not happy|not my taste|i expected better|i hate this|i hate that|worse than before|that got worse|that's even worse|stupid|stupid thing|are you serious|you must be joking|what a pity",
    "I draw pictures": "what can you do for me|what could you do|what else can you do|what all can you do|what can i do here|what can i do with you|what can i ask|what can i ask you|what can i say|what should i say|what are you for|what are you good at|what do i do|what do i do now|what do i do here|what is this for|what is this thing|what's this|what's this for|what is this program|how does this thing work|how does it work|how do you work|how do i begin|how do i make a picture|how to start|how to use|how to use this|how can i start|how can you help me|could you help me|i need help|help me|help please|please help|i'm lost|i'm new|i don't know what to do|i don't know how this works|explain|explain yourself|explain how this works|tell me what you can do|show me how it works|give me some examples|any examples|commands|list commands|list of commands|available commands|functions|features|tools|options|manual|instructions|user guide|tutorial|introduction please|introduce yourself and your skills|which commands do you know|which tools are there|do you only draw",
    "I am Easel:": "who am i talking to|who is this|who are you exactly|who created you|who built this|who wrote you|who developed you|who programmed you|who is behind this|what kind of ai are you|what kind of model are you|what sort of ai is this|what are you made of|are you a bot|are you a computer|are you a machine|are you a program|are you a human|are you real|are you alive|are you a language model|are you an llm|are you claude|are you gemini|are you midjourney|are you dall-e|are you stable diffusion|are you a person|am i talking to a robot|is this chatgpt|is this an ai|is this a bot|is this midjourney|which model do you use|which models do you use|which ai are you|which neural network is this|what model is this|what models are you using|what's your model|what version are you|what's your version|your name|your name?|name please|say your name|tell me your name|introduce yourself|how old are you|where do you come from|where are you from|do you run on this computer",
    "Yes. Everything runs": "are my photos private|are my pictures private|are my images safe with you|is my photo sent anywhere|is anything uploaded|is anything sent to the internet|is it private|is it local|is it offline|is this offline|is everything local|is the data safe|is my data safe|is my data stored online|is there any tracking|do you track me|do you spy on me|do you collect data|do you collect my data|do you share my data|do you share my pictures|do you store my photos online|do you keep my photos|do you need an internet connection|do i need internet|do i need an account|do i need wifi|does it work offline|does it work without internet|does this need internet|does this use the cloud|does anything leave my computer|does my data leave this machine|do the pictures leave my laptop|can other people see this|can others see my pictures|can somebody see my photos|can you work offline|what happens to my photos|what happens with my pictures|what do you do with my data|what do you do with my photos|where does my data go|where do my photos go|where are my photos sent|who sees my photos|who has access to my pictures|will my photos be uploaded|privacy|what about privacy|how private is this|are you connected to the internet|are you online",
    "Everything is saved": "save|save please|save it please|save this picture|save that|save the image|save the last one|save as png|save it to disk|save it for me|store it|store this|keep this one|download this|download that|download the image|download the picture|download please|can i save it|can i save this|can i save the picture|can i download it|can i download this|can i download the image|can i get the file|can i have the file|can i export it|can you export it|can you store it|how can i save it|how can i save this picture|how can i get the picture|how can i export the picture|how can i keep it|how do i download|how do i download it|how do i download the picture|how do i save|how do i save it|how do i save my work|how do i keep this|how do i find my old sessions|how do i get back to an old session|how do i go back to yesterday's pictures|how do i load my session|where is the file|where is my picture|where is it saved|where are the files|where are the images stored|where are my images|where are my files|where are the pictures kept|where did you save it|where do i find the picture|where do i find my images|where do the pictures get stored|is it saved|is this saved|is it saved automatically|is my work saved|are the pictures saved|are my pictures saved|do you save my pictures|do you keep old sessions|does it save automatically|will it be saved|will my pictures still be here tomorrow|will they be lost when i close this|what happens when i close the window|what if i close the browser|can i continue later|can i close the window|can i come back later",
    "Easel is free": "is it free|is it free to use|is easel free|is this app free|is it really free|does it cost anything|does this cost money|do i need to pay|do i need a licence|do i have to pay for it|do i have to buy something|do i have to subscribe|do you cost anything|how much is it|how much is this|how much does this cost|how much do you cost|how expensive is this|what's the price|what does this cost|what is the price|price|pricing|costs|is there a free version|is there a limit|are there any fees|is this open source|is the code open|is the source available|where is the source code|can i see the source code|what licence is this|what license do you have|what's the licence of the pictures|which licence|under which license is it|am i allowed to sell the pictures|can i sell the pictures|can i use them commercially|can i use this commercially|can i use it for my company|can i use the images in a book|may i sell prints|may i publish the pictures|may i use them anywhere|who owns the images|who has the copyright|who holds the rights|do i own the pictures|do you own my pictures|are they copyrighted|is there a copyright|what about copyright",
    "The small models": "why are they so small|why are the pictures so small|why are the images so small|why is it so blurry|why is it so bad|why is it so ugly|why is it blurry|why is it so low quality|why is the picture so bad|why does it look so bad|why does it look like that|why does everything look blurry|why do they look so bad|why do the pictures look bad|why can't you draw better|why can't you draw faces|why are the faces so bad|why are you so bad at drawing|the quality is bad|the quality is low|the quality is terrible|bad quality|low quality|poor quality|how can i improve the quality|how can i get better quality|how can i get better results|how do i get better results|how do i get sharper pictures|how do i get photorealistic pictures|how do i use a bigger model|how do i use my gpu|how do i use stable diffusion|how do i use sdxl|how do i install a better model|how do i add a model|can i install another model|can i use another model|can i use a better model|can i use flux|can i use stable diffusion|can i use sdxl|can i use my own model|can i use my graphics card|can it be better|can you do better|can you use my gpu|can you use a bigger model|can you draw better|do you have better models|do you have a better model|do you support flux|do you support gpus|is there a better model|is there a bigger model|are there other models|are there better models|which models can i use|which models do you support|which preset is best|what presets are there|what presets do you have|list the presets|list the models|show me the models|what other models are there|will it get better with a gpu",
    "All right.": "ok!|okay!|ok good|ok great|ok cool|okay cool|okay good|ok fine|okay then|ok wait|alright then|all right|right|fine then|fine by me|fair enough|sounds good|good to know|makes sense|oh ok|oh okay|oh i see|ah ok|ah i see|aha|got you|gotcha|roger|noted|no problem|no worries|no need|not necessary|never mind then|nvm|nm|forget about it|forget that|let it go|drop it|stop it|stop please|stop that|stop this|cancel that|cancel it|cancel please|abort|quit|exit|leave it then|leave it alone|leave it be|keep it like that|keep it as it is|keep that|it's fine|it's fine as it is|it's ok|it's okay|it's ok like that|that's fine|that's ok|that's okay|that's enough|that's all for now|that's all for today|that will do|that's it for today|enough|enough for today|i'm finished|finished|all done|we're done|we are done here|nothing else|nothing more|no more|no thank you|no that's fine|no it's fine|no change|no more changes|no changes please|don't|don't do that|don't do anything|don't change it|please don't|please stop|wait a moment|wait a second|wait a minute|one sec|one second|just a moment|just a second|give me a minute|give me a second|hang on|hm|hmm|hmm ok|let me see|let me think about it|i'll think about it|maybe later|later|not today|not yet|not really|yup|yep|ya|yeah ok|yes ok|yes thanks|sure thing|of course|true|indeed|exactly|correct|that's right|bye bye|bye!|bye easel|bye for now|cya|see ya|see you later|see you tomorrow|good bye|goodnight|good night easel|have a nice day|have a good one|take care|talk to you later|until tomorrow|i have to go|i'm off|gotta go|brb|afk",
    "I did not understand": "ghjk|qwert|asdfg hjkl|lkjh|mnbv|xyzzy|abc|abcd|a|b|x|1|2 3|0|42?|...?|?!|??|!?|!!|-|--|*|.|,|;|/|#|$$$|%%%|@@@|&&&|ok??? what|hm?|hmm?|eh?|huh?|what?|what??|wut|sorry?|pardon|pardon?|come again|say what|i don't get it|i don't understand|i dont get it|what do you mean|what does that mean|that makes no sense|you make no sense|blub|blurb|brr|grr|argh|ugh|pff|tss|mhm|mmm|uh|um|uhm|er|erm|ah|oh|oops|ouch|hahaha|hehe|hihi|rofl|lmao|:-)|:-(|;)|<3|^^|xD|o_o|¯|foo|foobar|bar baz|dummy text|hello world test|test message|just testing|this is a test|ignore this|sdkfj|wefwef|iuhiuh|poipoi",
    "Yes, I can: say": "can you edit|can you edit photos|can you edit my photo|can you edit my pictures|can you edit an existing picture|can you edit a photo of mine|can you change pictures|can you change an existing picture|can you change a photo|can you change the background of a picture|can you change backgrounds|can you change colours|can you modify pictures|can you modify images|can you alter photos|can you retouch photos|can you remove objects|can you remove people from photos|can you remove a background|can you remove backgrounds|can you remove text from images|can you add objects|can you add something to a photo|can you add text to pictures|can you replace things in pictures|can you photoshop|do you do photo editing|do you do retouching|do you edit photos|do you edit pictures|are you able to edit photos|are you able to change pictures|is editing possible|is it possible to edit photos|is it possible to change a photo|is it possible to remove something from a picture|could you edit a photo for me|can i change a picture|can i change pictures later|can i edit pictures here|can i edit my photos here|can i edit a picture afterwards|can pictures be edited|can photos be edited|can you crop|can you crop photos|can you rotate|can you rotate images|can you flip images|can you flip pictures|can you blur pictures|can you sharpen photos|can you make pictures black and white|can you brighten photos|can you also edit",
    "Yes: say which picture, and I": "can you upscale images|can you upscale photos|can you upscale my photos|can you enlarge|can you enlarge pictures|can you enlarge photos|can you make images bigger|can you make images larger|can you make photos larger|can you increase the resolution|can you increase the size of pictures|can you improve the resolution of photos|can you do upscaling|can you do 4k|can you make hd pictures|can you make high resolution images|do you upscale|do you upscale images|do you do enlargements|do you support upscaling|are you able to upscale|are you able to enlarge pictures|is it possible to upscale|is it possible to enlarge a picture|is it possible to get a higher resolution|how big can you make pictures|how big can the pictures be|how large can pictures get|how large can you go|how much can you enlarge|how much can you upscale|how do i enlarge a picture|how do i get a bigger picture|how do i make a picture bigger|how do i get higher resolution|how does the upscaler work|what is upscaling|what's upscaling|what does upscale mean|what resolution can you do|what's the maximum size|what is the largest size|can pictures be enlarged|can i enlarge pictures|can i upscale a photo|can i upscale my own photos",
    "Yes: drop": "can i upload|can i upload a photo|can i upload an image|can i upload my own picture|can i upload files|can i upload several pictures|can i use my own picture|can i use my own images|can i use a photo of mine|can i use a photo|can i send you a picture|can i send you a photo|can i send a photo|can i give you a photo|can i give you a picture|can i show you a photo|can i add a photo|can i add my own photo|can i import a picture|can i import photos|can i open a file|can i load a picture|can i drop a file here|can i drag a picture in|can i paste an image|can i attach a photo|can you take my photo|can you use my photo|can you use my photos|can you work with photos|can you work with uploads|can you open my photo|can you open files|can you load a picture|can you read jpg files|can you read png files|can you import images|how do i upload|how do i upload an image|how do i upload my photo|how do i add a photo|how do i add an image|how do i send you a picture|how do i send a photo|how do i import a photo|how do i open a file|how do i load a picture|how do i give you my photo|how can i upload a photo|how can i send you a photo|how can i use my own photo|where do i upload|where can i upload a photo|where can i drop my photo|which formats do you support|which formats can i upload|which image formats work|which files can i use|what formats can i use|what file types do you take|what files can i upload|is upload possible|do you accept uploads|do you accept photos|do you accept png|i want to upload a photo|i want to upload a picture|i'd like to upload a photo|i'd like to use my own photo|i have a photo, how do i upload it|let me upload something",
    "Some words": "why not|why did you block it|why did you block that|why did you stop|why did you refuse that|why was that blocked|why was it refused|why was my request blocked|why is it blocked|why is that blocked|why is this not allowed|why is that not allowed|why can't i draw that|why can't you do that|why won't you draw that|why won't you draw it|why do you refuse|what's blocked|what's not allowed|what's allowed|what is allowed|what is allowed here|what is the filter for|what is filtered|what are the limits|what are your rules|what do you block|what do you filter|what do you refuse|what can't you draw|what can't i draw|what may i not draw|what are the restrictions|which words are blocked|which words are forbidden|which things are blocked|which things are not allowed|which topics are forbidden|is there a safety filter|is there a content filter|is there censorship|is there any restriction|are there rules|are there restrictions|are there any limits|are you censored|do you censor|do you have a filter|do you have rules|do you have restrictions|do you filter|do you block things|how does the filter work|how does the safety check work|how do you decide what is blocked|how do i turn off the filter|how do i disable the filter|how can i turn the filter off|can i turn off the filter|can i disable the filter|can i disable the safety filter|can you disable the filter|can you turn off the safety filter|can you ignore the filter|can you turn it off|turn off the filter|turn the filter off|turn off safety|switch off the filter|remove the filter|ignore the filter|ignore the safety rules|bypass the filter|disable safety|disable the filter|no filter please|without the filter please|tell me about the filter|tell me about the safety filter|explain the filter",
    "A seed": "seed?|what's a seed|what are seeds|what is the seed|what is the seed for|what is a seed for|what does the seed mean|what do seeds do|what does a seed do|whats a seed|what is seed|what is meant by seed|how does the seed work|how does a seed work|how do i use a seed|how do i use seeds|why is there a seed|why do pictures have a seed|explain the seed|explain what a seed is|tell me about seeds|what's that number called seed|what is this seed number|can you explain seeds|can you explain the seed|meaning of seed|what does seed 42 mean|why does the seed matter|does the seed matter|what happens with the same seed|what happens if i use the same seed",
    "Nothing is lost": "undo it|undo this|undo the edit|undo the last edit|undo the last step|undo the last thing|undo everything|undo, please|please undo|can you undo that|can you undo it|can you undo the last change|can you revert|can you revert that|can you revert it|can you go back|can you go back one step|can you take that back|can you restore it|could you undo that|revert it|revert that|revert the last change|revert please|revert the change|roll back|roll it back|rollback|go back please|go back one|go a step back|one step back|step back|back|back please|back one step|take it back|take back the last change|reverse that|reset it|reset please|reset the picture|restore it|restore|restore the last one|restore the previous one|bring it back|bring that back|bring back the last one|bring back the old one|i liked it better before|it was better before|that was better before|i want the old one back|i want the old version back|i want it back as it was|i want to undo that|i'd like to undo that|put it back|put it back as it was|make it like before|make it as before|like it was before|as it was|as it was before|oops, undo|oops undo that|mistake, go back|is the original gone|is the old version gone|is the old picture gone|is my old picture lost|did i lose the old one|did you delete the old one|did you overwrite it|have you overwritten the old picture|did that replace the original|are the old ones gone|does an edit overwrite the picture|ctrl+z|ctrl-z|cmd z",
    "I can't delete": "delete|delete it|delete this|delete that|delete that one|delete this one|delete this picture|delete that picture|delete the image|delete the last one|delete the last picture|delete the first one|delete the second one|delete them|delete them all|delete all|delete all of them|delete all images|delete every picture|delete picture 1|delete picture 2|delete image 3|delete #1|delete #2|delete #3|delete the old ones|delete my pictures|delete my photo|delete my photos|delete the upload|delete everything please|delete please|please delete it|please delete this|please delete the picture|please delete all|can you delete it|can you delete this|can you delete that|can you delete #2|can you delete the picture|can you delete all pictures|can you delete my photo|could you delete that one|i want to delete a picture|i want to delete this|i want to delete everything|i'd like to delete #1|how do i delete a picture|how do i delete this|how do i delete pictures|how do i remove a picture|how do i clear the list|how do i delete a session|how can i delete my photos|remove this picture|remove the picture|remove the last picture|remove the last one from the list|remove #2 from the list|remove #1 from the shelf|remove that one from the list|remove all pictures|remove them all|remove my photo|remove my upload|throw it away|throw that away|throw this one away|throw #2 away|throw them away|bin it|bin this one|trash this|trash that one|trash #3|discard it|discard this|discard that one|discard #2|erase everything|erase all pictures|erase my data|erase this session|clear everything|clear the list|clear the session|clear my history|clear history|empty the shelf|wipe everything|wipe my data|get rid of this picture|get rid of #2|get rid of this session|delete this session|delete the session|delete the chat|delete this chat",
}.items():
    TALK[next(_key for _key in TALK if _key.startswith(_answer))] += _more.split("|")
# ---------------------------------------------------------------------------------------------------------------------- more of everything
NOUNS += """accordion acorn airport almond anchor angel ant antelope anvil apartment apron aquarium arch archer armadillo artichoke ashtray astronomer athlete attic aubergine axe backyard badger bagel bagpipes baker bakery balcony ballerina bamboo bandana banjo banner barbecue barbershop barge barrel baseball basement basket basketball bat bathtub beaker bean beehive beetle bell bench beret berry billboard birch birdcage biscuit bison blacksmith blanket blueberry boar bonfire bookshop bookcase boulder bouquet bow bowl bracelet brain branch bride broccoli broom bubble bucket buffalo bulldog bulldozer bullet bungalow bunny burrito butcher button cabbage cabinet cafe cage calculator calf camel campfire campsite canal canary candy cannon canyon cape caravan cardinal carnival carpenter carpet cashew cauldron cauliflower cave celery cello centaur chalet chameleon champion chapel chariot cheetah cheese chessboard chestnut chick chili chimney chimpanzee chipmunk chocolate chopsticks cigar cinema circus clam classroom cloak cloud clover coast coat cobra cobweb cockatoo coconut coin compass concert conductor cook cookie copper coral corgi corn corridor cottage cougar courtyard coyote cradle crane crater crayon cricket crocodile croissant crossroads crystal cucumber cuckoo curtain cyclops daffodil dagger daisy dam dandelion deck desk detective dice diner dinosaur diver dome donkey doorway dove dress drone drummer dumpling dune earring easel eclipse eel eggplant elevator elk embroidery emperor emu engine engineer envelope escalator eyeball factory fairground falcon fan farm farmhouse feather fence ferry ferret fiddle field fig fingerprint fireman firefly fireplace fish fisherman fjord flag flame flask flea flute fly foal football footbridge forge fort fossil fountain frame fridge fruit fudge furnace gallery garage gargoyle garlic gate gazelle gecko geyser ghost ginger gingerbread glasses glove gnome gondola gong gramophone grape grasshopper gravestone greyhound guard guitar gull gypsy hairdresser hall hammer hammock handbag handkerchief hare harp hat hawk haystack hazelnut heart hearth hedge helmet hen herd hermit heron hill hive honey honeycomb hoof horn hornet hospital hotel hound hourglass house hunter hurdle husky hut hyena iceberg igloo iguana ink inn insect iron ironworks jackal jaguar jar jeep jester jewel jigsaw joker jug juggler juice kayak kennel kettle keyboard kingfisher kitten kiwi knife knot koi laboratory lace ladder lamb lamppost laptop laundry lavender lawn leaf lemonade lemur leopard letter lettuce lighter lightning lilac lily lime limousine lion lipstick lock loft log lollipop lorry lynx magnet magnolia magpie mailbox mallard mammoth mandolin mango mansion mantis maple marble marina marketplace marmot mask matchbox maze medal melon merchant meteor microphone microscope milk milkshake mill miner mole monastery monument moth motorway mountaineer moustache muffin mug mule mural museum mushroom musician mustard narwhal necklace needle nest net newspaper newt nightingale noodle notebook nutcracker nutmeg oasis oat oboe observatory ocelot okra olive omelette onion opera orangutan orca orchestra orchid ostrich oven ox oyster paddle padlock pagoda painter palace palette palm pancake panther papaya parachute parade parasol park parsley pasta pastry path pavilion pawn peach peanut peasant pebble pelican pencil peony pepper perch perfume pheasant photographer piano pickle picnic pie pigeon pilgrim pillow pilot pine ping-pong pipe pistachio pitcher plane plank plate plaza plough plum plumber pocketwatch poet pony poodle popcorn poppy porcupine postbox postcard potato potter pretzel priest printer prison pudding puffin pug pump puppy puzzle pyramid python quail quarry quilt quince rabbit radish raft railway rainbow raincoat raisin ram ranger raspberry rat rattlesnake reef reindeer restaurant rhubarb ribbon rider rifle ring roadster robin rocking-chair roller-coaster rooftop rooster rope rosemary ruby rug ruin saddle sail salmon salamander sandal sandcastle satchel saucepan saucer sausage sawmill saxophone scallop school scissors scorpion screwdriver sculpture seagull seal seaplane seashell seesaw sheepdog shelf shell shepherd shoe shop shore shovel shrimp silo singer skate skeleton skier skiff skull skunk slate sled sleigh slide slipper sloth snowflake soap sock soldier soup spaceman spaniel sparrow spear spinach spiral spoon sprout squid stable stadium stag stairway stall stamp starfish station steak steamboat stool stork storm stove stranger strawhat stream streetcar submarine suit sundial sunset swallow swamp sweater swing switch syringe tablecloth tailor tank tapestry tarantula taxi teacup teahouse telephone television tent termite terrier theatre thermos thief thimble thistle throne thumb thunderstorm tightrope tile toad toaster toboggan toilet tomb toolbox toothbrush top torch tornado tortoise toucan towel town toyshop tram trampoline trapeze treehouse triangle trombone trophy trout truffle trunk tuba tugboat tunnel turkey turnip tuxedo twig typist vacuum valley van vegetable veil vending-machine veranda vessel viking villa vinegar viola viper volleyball vulture waffle waggon waiter waitress walnut walrus wand wardrobe warehouse warrior wasp watchtower watering-can watermelon wave weasel weathercock wedding well wheel wheelbarrow wheelchair whip whisk whistle wig wildflower wine winery wing wolfhound wombat woodpecker workshop worm wren wrench xylophone yacht yak yogurt zeppelin zinnia zoo""".split()
NOUNS = sorted(set(NOUNS))
ADJECTIVES += """angular antique arctic beige blond bluish bold brass bronze brown bulky calm carved checkered cheerful chrome classic clean clever cloudy clumsy coastal colourful confused copper crooked cracked crowded curly dapper deserted dirty dreamy drowsy dry dull elderly embroidered empty enchanted endless enormous exotic faded fancy fierce flat floral foggy folded forgotten fresh friendly frosty funny fuzzy gentle ghostly gloomy grand grassy greedy grey handmade handsome hairy heavy heroic hidden hollow holographic humble icy inflatable injured iridescent jolly knitted lanky lazy leafy leather little lilac long lost loud luminous majestic marble mechanical melancholic melting metallic mint moonlit mossy muddy narrow navy nervous noble noisy oily open-air oriental origami ornate overgrown painted pale peaceful plain plastic plump polished poor porcelain pretty prehistoric proud quiet ragged rainy rare rich ripe robotic rocky romantic royal rugged rustic salty sandy scary sculpted serene serious shabby shaggy sharp short shy silent silk simple sleek slim slimy slow smoky smooth soft solitary spiky spiral steel stern stormy strange stylish sunlit sunny surprised swollen tattooed tender thick thin thoughtful tidy timid tired tropical twisted ugly unfinished velvet victorian violet volcanic walking warm weary weathered whimsical white-haired wide wild windy winged wise woollen worn wrinkled yellowish young-looking""".split()
ADJECTIVES = sorted(set(ADJECTIVES))
SCENERY += """the street lamps have just been lit|a radio plays somewhere|the tide is coming in|a dog is barking at the gate|someone has left a coat on the bench|the walls are covered in old posters|two cups stand on the table|paint is peeling off the wall|leaves float on the water|the air is full of dust|nobody else is around|a bell rings in the distance|the last guests are leaving|one window is still open|the shelves are full of jars|a bicycle leans against the wall|the moon is reflected in the puddles|her hands are covered in flour|his eyes are closed|they are all wearing masks|the snow is knee deep|a crowd has gathered in front of the door|the trees have lost their leaves|sparks fly from the fire|the sails are torn|sheets hang on a washing line|a storm is coming up from the west|the light falls through a broken roof|a paper boat floats down the gutter|the ground is covered with petals|someone is waving from the balcony|the clock shows five to twelve|a plane leaves a white trail in the sky|the grass is tall and dry|seagulls are fighting over a fish|the whole scene is lit by candles|his shadow is much larger than himself|the colours fade towards the edges|everything looks a bit like a dream|the mood is quiet and warm|the horizon is slightly tilted|steam rises from the street|the carpet is deep red|a ladder leans against the apple tree|bees buzz around the flowers|the river is frozen|there are footprints in the sand|a suitcase stands open on the bed|the door is half open|she has freckles and a gap in her teeth|he carries a heavy bag over his shoulder|it has just stopped raining|the city lights twinkle below|old photographs hang on the wall""".replace("\n", "").split("|")
CLAUSES = """with {adjective} {nouns} hanging from the {noun}|the {noun} is {adjective}|the {noun} is {adjective} and {adjective2}|{nouns} everywhere|a {adjective} {noun} in one hand and a {noun2} in the other|wearing a {adjective} {noun} and {adjective2} {nouns}|whose {noun} is {adjective}|the {nouns} are {doing}|there are {nouns} {place}|a row of {adjective} {nouns} {place}|the {noun} {place} is {adjective}|{adjective} {nouns} lie {place}|a {noun} hangs {place}|{thing} watches the {noun}|{thing} can be seen {place}|in its {noun} there is {thing}|beside it {thing}|half hidden {place} is {thing}
|its {noun} is made of {nouns}|the floor is covered with {nouns}|the sky is {adjective} with {adjective2} clouds|light comes through the {noun}|{thing} casts a long shadow|in the distance {thing}|some {nouns} and a {adjective} {noun2}|full of {nouns}, {adjective} and {adjective2}|as if it were {place}|made to look like {thing}|no one but {thing} is there|everybody is {doing}|one of the {nouns} is {doing}|which is {doing}|who is {doing}|that looks like {thing}|because {thing} is {doing}|while the {nouns} are {doing}|where {thing} is {doing}|so that the {noun} looks {adjective}|painted in {adjective} and {adjective2} tones|seen from {place2}|the whole picture is {adjective}""".replace("\n", "").split("|")
CORRECTIONS = """draw {wrong}, no wait, {prompt}|{wrong}, no, {prompt}|{wrong}... actually {prompt}|draw {wrong}, or rather {prompt}|paint {wrong}, sorry, i mean {prompt}|not {wrong} but {prompt}|instead of {wrong} draw {prompt}|i don't want {wrong}, i want {prompt}|{wrong}? no, better {prompt}|make {wrong}, hm no, make {prompt}|first i wanted {wrong} but now i want {prompt}|i was thinking of {wrong} but let's do {prompt}|forget {wrong}, draw {prompt}|draw {wrong} no wait draw {prompt}|{wrong} would be boring, draw {prompt}""".replace("\n", "").split("|")
CORRECTED = "{a}, no, {b}|{a}, sorry, {b}|{a}, i mean {b}|{a}, no wait, {b}|{a}, or rather {b}|not {a} but {b}".split("|")
BECAME = "the {what} one|the {what} version|the {what} picture|the one that is {what}|the one you made {what}|the version that is {what}|the image that is {what}|the one where it's {what}".split("|")
OF_OPERATION = {
    "greyscale": "the black and white one|the b&w one|the grey one|the greyscale version|the black and white version|the colourless one|the monochrome one|the black and white picture".split("|"),
    "crop": "the cropped one|the cropped version|the crop|the cropped picture|the one you cropped".split("|"),
    "rotate": "the rotated one|the rotated version|the turned one|the rotated picture|the one you rotated".split("|"),
    "flip": "the flipped one|the mirrored one|the flipped version|the mirrored version|the mirror image".split("|"),
    "blur": "the blurred one|the blurred version|the blurry one|the one you blurred".split("|"),
    "sharpen": "the sharpened one|the sharpened version|the sharper one|the one you sharpened".split("|"),
    "resize": "the resized one|the resized version|the shrunk one|the one you resized".split("|"),
}
OF_KIND["upscale"] += "the upscaled version|the bigger one|the larger one|the enlarged version|the upscaled picture|the bigger version|the biggest one|the enlargement".split("|")
OF_KIND["edit"] += "the edited picture|the edited image|the changed version|the one you edited|the one with the edit".split("|")
OF_KIND["variation"] += "the variation you made|the one you varied|the last variation|the newest variation".split("|")
SAME_NOUN = "the same {noun} but {but}|the same {noun} {but}|same {noun} but {but}|same {noun}, {but}|that {noun} again but {but}|draw the same {noun} {but}|the {noun} again but {but}|now the same {noun} {but}|paint that {noun} again, but {but}|i want the same {noun} {but}".split("|")
ONE_OF = "one of them|one of these|one of those|one of the pictures|one of my pictures|any of them|a picture|one picture|some of them".split("|")
PERCENTS = {"10": "ten", "20": "twenty", "30": "thirty", "40": "forty", "50": "fifty"}
ADJUST[("rotate", "90")] += ["rotate {ref} ninety degrees", "turn {ref} by ninety degrees", "rotate {ref} by ninety", "turn {ref} ninety degrees clockwise"]
ADJUST[("rotate", "180")] += ["rotate {ref} one hundred eighty degrees", "turn {ref} by one hundred and eighty degrees", "rotate {ref} by one eighty"]
ADJUST_IN_WORDS = {
    "brightness": ("brighten {ref} by {n} percent|make {ref} {n} percent brighter|brightness of {ref} up by {n}|increase the brightness of {ref} by {n}", "darken {ref} by {n} percent|make {ref} {n} percent darker|brightness of {ref} down by {n}|decrease the brightness of {ref} by {n}"),
    "contrast": ("raise the contrast of {ref} by {n} percent|{n} percent more contrast for {ref}", "lower the contrast of {ref} by {n} percent|{n} percent less contrast for {ref}"),
    "saturation": ("raise the saturation of {ref} by {n} percent|{n} percent more saturation on {ref}", "lower the saturation of {ref} by {n} percent|{n} percent less saturation on {ref}"),
}
for _aspect, _more in {
    "wide": "desktop wallpaper of {prompt}|a desktop wallpaper with {prompt}|desktop background: {prompt}|panoramic view of {prompt}|a panoramic picture of {prompt}|a banner of {prompt}|banner with {prompt}|a website banner with {prompt} {prompt}|a widescreen shot of {prompt}|a landscape-format picture of {prompt}|a facebook cover with {prompt}|a youtube thumbnail with {prompt}|a twitter header with {prompt}|a wide picture with {prompt}|a 16:9 picture of {prompt}|draw a panorama of {prompt}|i need a banner with {prompt}|i want a wide picture of {prompt}|make a desktop wallpaper with {prompt}|a cinema screen shot of {prompt}",
    "tall": "a phone wallpaper of {prompt}|phone wallpaper of {prompt}|phone background with {prompt}|a phone background with {prompt}|a story picture with {prompt}|lock screen of {prompt}|a lock screen showing {prompt}|an upright picture of {prompt}|a tall picture of {prompt}|a bookmark with {prompt}|a vertical banner with {prompt}|an instagram story of {prompt}|a pinterest pin with {prompt}|a portrait-format picture of {prompt}|a 9:16 picture of {prompt}|make a phone wallpaper of {prompt}|i need a bookmark with {prompt}|i want a vertical picture of {prompt}|draw a tall picture of {prompt}|make a lock screen with {prompt}",
    "square": "a square picture with {prompt}|a square image of {prompt}|square image of {prompt}|a profile pic of {prompt}|profile picture with {prompt}|an album cover with {prompt}|an avatar with {prompt}|a square thumbnail of {prompt}|an instagram post with {prompt}|make a square picture of {prompt}|i need an avatar of {prompt}|draw a square picture with {prompt}|i want an album cover with {prompt}",
}.items():
    DRAW_SHAPED[_aspect] += _more.split("|")
EDIT_BARE = """more snow|more {noun}s|more {noun}s and fewer {noun2}s|more of the {noun}|less clutter|less {noun}|fewer {noun}s|softer light|warmer light|colder light|more {adjective} light|thicker lines|thinner lines|stronger shadows|longer shadows|no shadows|a bit more {noun}|a lot more {noun}s|way more {noun}s|a different background|another background|a {adjective} background please|night instead of day|winter instead of summer|{noun}s instead of {noun2}s|bigger {noun}|smaller {noun}|bigger {noun}s|a bigger {noun}|a smaller {noun}|a {adjective} sky instead|no {noun}s please|without the {noun}|but without the {noun}|and a {noun} {place}|with a {noun} too|now with a {noun}|now with {added}|without the {noun}""".replace("\n", "").split("|")
# an instruction up to the mark ~, then a little word and the picture
EDIT_ENDING = """remove {removed}~from|remove the {noun}~from|erase {removed}~from|delete {removed}~from|take away {removed}~from|take {removed}~out of|take the {noun}~out of|get {removed}~out of|cut {removed}~out of|clean {removed}~off|wipe {removed}~off|get rid of {removed}~in|get rid of the {noun}~in|hide {removed}~in|replace {removed} with {added}~in|swap the {noun} for {added}~in|add {added}~to|add {added}~to|add a {noun}~to|add a {adjective} {noun}~to|add some {noun}s~to|add {added} and {added2}~to|put {added}~in|put {added}~on|put a {noun}~into|insert {added}~into|place {added}~in|draw {added}~on|draw a {noun}~into|paint {added}~on|change {part} to {to}~in|make {part} {to}~in|make the {noun} {adjective}~in|turn {part} {to}~in""".replace("\n", "").split("|")
ENDING_FRAMES = """{instruction}|{instruction}|please {instruction}|can you {instruction}|could you {instruction}|now {instruction}|would you {instruction}|i want you to {instruction}|i'd like to {instruction}|let's {instruction}|and {instruction}|just {instruction}|also {instruction}|is it possible to {instruction}""".split("|")
UPSCALE += ["i want {ref} larger", "i need {ref} larger", "{ref} in large please", "{ref} as large as possible", "{ref} for print", "{ref} huge please"]
BY_WORD += ["{noun}", "the {noun} thing", "the {noun} again"]
TOO_MANY += """draw {n} {prompt} pictures|make {n} {prompt} pictures|{n} {prompt} pictures|i want {n} pictures of {prompt}|i want {n} versions of {prompt}|can you make {n} pictures of {prompt}|could you draw {n} pictures of {prompt}|please make {n} images of {prompt}|paint {n} pictures of {prompt}|create {n} images of {prompt}|create {n} icons of {prompt}|{n} icons of {prompt}|{n} pics of {prompt}|draw {prompt} {n} times|make me {n} pictures of {prompt}|give me {n} versions of {prompt}|give me {n} versions of {ref}|make {n} versions of {ref}|{n} more like {ref}|give me {n} more like {ref}|{n} alternatives to {ref}|i need {n} variations of {ref}|show me {n} variations of {ref}|let's have {n} images of {prompt}""".replace("\n", "").split("|")
BAD_SCALE += """make {ref} {n}x larger|make {ref} {n}x bigger|can you upscale {ref} {n} times|can you enlarge {ref} {n}x|enlarge {ref} {n} times|i want {ref} {n} times larger|{ref} {n} times bigger please|upscale {ref} by {n}|increase the size of {ref} {n} times""".replace("\n", "").split("|")
CHECK_IMAGE += """is it safe to show {ref} at work|is it ok to show {ref} to my kids|is it okay to post {ref}|is it fine to share {ref}|is it safe to publish {ref}|is it safe to print {ref} for the class|may i share {ref} or is it unsafe|can i share {ref} safely|can i use {ref} in class, is it safe|is {ref} safe to publish|is {ref} safe to show|is {ref} safe to print|is {ref} okay to share|is {ref} ok for school|is {ref} ok for my website|is {ref} allowed in school|would {ref} pass|would {ref} pass the safety check|would {ref} be ok for kids""".replace("\n", "").split("|")
# ------------------------------------------------------------------------------------------------ as people who do not think of software say it
POLITE_BEFORE += """kindly |be a dear and |do me a favour and |quick one: |oi, |right then, |sorry to bother you but |when u get a sec |whenever you have a moment, |i should be most grateful if you would |would you be so kind as to |if it's not too much trouble, |pretend you're a painter and |act as my art director and |bro |mate, |ngl |omg |aight |sir, |madam, |dear assistant, |hello there, |good evening. |so basically |thinking aloud: |idk, maybe |lemme see... |ooh |erm, |righto, |my dear, |kind request: |team, |just for fun, """.replace("\n", "").split("|")
POLITE_AFTER += """ ta|, ta| innit| bro| m8| will you| would you|, would you| if poss| thanks in advance|, thanks in advance| tyvm| 🙏| 😊| 😂| ❤️|!! 🔥| pleeease| if it's no bother|, cheers mate| and thank you|, much obliged| for us| today| real quick| when u can| asap pls|, i beg you| lol| haha| tho|, over|. regards|, many thanks| - ta""".replace("\n", "").split("|")
MEDIA += """a tabletop map of|a treasure map of|a cutaway of|an isometric cutaway of|an exploded diagram of|a field guide page about|a knitting pattern of|a travel poster for|a mascot for|a coat of arms for|a tattoo design of|a business card for|a menu cover for|a mural of|a mosaic of|a snow globe with|a diorama of|a paper model of|a colouring page of|a floor plan of|a wanted poster of|a magazine cover about|a wide angle photo of|a wide shot of|a still life with|a trading card of|a greeting card with|a font made of""".replace("\n", "").split("|")
ASPECT_HEADS += "{aspect}, |{aspect} - |{aspect} orientation: |{aspect} pic: |{aspect} one: |orientation {aspect}, |need it {aspect}: |{aspect} only: ".split("|")
ASPECT_TAILS["wide"] += ["wide", "landscape", "horizontal", "wide please", "widescreen", "make it wide", "wide one"]
ASPECT_TAILS["tall"] += ["tall", "portrait", "vertical", "tall please", "upright", "make it tall", "tall one"]
ASPECT_TAILS["square"] += ["square", "square please", "squared", "make it square"]
NEGATIVE_TAILS += [", no {negative}", ", no {negative}", ", no {negative} pls", ", zero {negative}", " w/o {negative}", ", {negative} are banned", ", hold the {negative}", ", less the {negative}"]
# two pictures as a list
LISTS = "{ask}1) {a} 2) {b}|{ask}1. {a} 2. {b}|{ask}1) {a}, 2) {b}|{ask}first {a}, second {b}|{ask}a) {a} b) {b}|{ask}one of {a} and one of {b}|two pictures: {a} / {b}|{ask}{a}; {b}. two separate pictures|{ask}pic 1: {a}, pic 2: {b}".split("|")
LIST_ASKS = "draw: |draw |please draw |paint |i need |make |two pics pls: |can you do |pictures: |".split("|")
EDIT_BARE += """golden hour|blue hour|spookier|creepier|cosier|cozier|grumpier|funnier|fluffier|rounder|scarier|simpler|fancier|cleaner|messier|gloomier|dreamier|busier|less busy|less crowded|more {adjective}|way more {adjective}|less {adjective}|a bit more {adjective}|a tad more {adjective}|even more {adjective}|not so {adjective}|{adjective} vibes|{noun} vibes|{adjective} mood|{adjective} theme|{noun} theme|{adjective} look|{into}|bit more {into}|needs more {noun}|needs a {noun}|needs {added}|{added} would be nice|{added} would look good|a {noun} would be great|a {noun} {place} would be lovely|could do with {added}|could do with a {noun}|i'd love {added}|i would like {added} too|i want {added}|i'd rather have {added}|{added} and it's perfect|same place {place}|same scene {place}|what about {added}|what about a {adjective} {noun}|how about {added}|how about {into} though|colder|warmer|older|younger|happier|sadder|angrier|bluer|greener|redder""".replace("\n", "").split("|")
EDIT_PRONOUN += """make {his} {noun} longer|make {his} {noun} shorter|make {his} {noun} bigger|make {his} {noun} smaller|make {his} {noun} {adjective}|make {his} {noun} longer and give {him} {added}|make {his} {noun} {adjective} and {his} eyes {adjective2}|give {him} a {adjective} {noun} and {added}|paint {his} {noun} {to}|swap {his} {noun} for {added}|take {his} {noun} off|lose {his} {noun}|let {him} sit {place}|send {him} {place}|make {him} look {adjective} and {adjective2}|make {him} run|make {him} jump|make {him} dance|make {him} look up|turn {his} head to the left|close {his} eyes|open {his} mouth|pop {added} on {his} head|stick a {noun} on {him}|slap {added} on {him}|give {him} longer {noun}s|{his} {noun} should be {adjective}|can {his} {noun} be {to}|{his} eyes should be {adjective}""".replace("\n", "").split("|")
EDIT_WHOLE += """make the {noun} longer|make the {noun} taller|make the {noun} wider|make the {noun}s smaller|make the {noun} face the other way|make the {noun}'s {noun2} {adjective}|add another {noun}|add two more {noun}s|add three {noun}s|add a couple of {noun}s|add more {noun}s and {added}|pop {added} {place}|stick {added} on the {noun}|slap {added} on the {noun}|chuck in {added}|throw in {added}|bring in {added}|get {added} in there|lose the {noun}|bin the {noun}|ditch the {noun}|scrap the {noun}|get the {noun} out|remove everything but the {noun}|swap {part} with {added}|switch {part} to {to}|switch the {noun}s for {noun2}s|make everyone {adjective}|make all {noun}s {adjective}|have the {noun} hold {added}|let there be {added}|make {part} glow|make it look like {place}|change the light to {to}|turn off the lights|switch on the lamps|open the door|close the curtains|fill the {noun} with {noun2}s|cover the {noun} in {noun2}s|hang {added} {place}|put {added} and {added2} {place}|put the {noun} {place}|move the {noun} {place}|push the {noun} back a bit|bring the {noun} closer|zoom out so we see the {noun}|clean up the {noun}|fix the {noun}|mend the {noun}|straighten the {noun}|patch up the {noun}|dress everyone as {noun}s|double the number of {noun}s|halve the {noun}s""".replace("\n", "").split("|")
EDIT_JOINTS = " and |, and | & | plus | + |, also |, | as well as | n ".split("|")
# said before a change or behind it, and no part of it
EDIT_GRUMBLES = """it looks too {adjective}, |the {noun} looks {adjective}, |the {noun} is too {adjective}, |too {adjective}, |it's boring, |the light is too harsh, |i don't like the {noun}, |something is missing. |he looks {adjective}. |she's too {adjective}, |it feels {adjective}. |everything's so {adjective}, |the mood is off, |that's a {noun}?? |not {adjective} enough, |my {noun} hates it, |it's a bit {adjective} for me, |we're nearly there. |i showed it to my {noun}, |my boss says it's too {adjective}, |looks like a {noun} lol, """.replace("\n", "").split("|")
EDIT_REASONS = """, he looks {adjective}|, she looks {adjective}|, they look {adjective}|, it looks too {adjective}|, it's too {adjective}|, it is a bit {adjective} now|, the {noun} is too {adjective} now| - too {adjective}|, i think it's {adjective}|, it bothers me|, that one looks {adjective}|, looks {adjective} otherwise|. it's way too {adjective}|, my {noun} insists|, it's for my {noun}|, otherwise it's fine|, the rest is great|, we need it for the {noun}""".replace("\n", "").split("|")
REGION_HEADS = """only in {region}, |in {region} only, |in {region} only: |{region} only: |just {region}: |only {region}: |just in {region}, |but only in {region}, |only touch {region}: |for {region} only, """.replace("\n", "").split("|")
REGION_TAILS += [", {region} only", " {region} only", ", on {region}", " - {region} only", ", not outside {region}"]
REGIONS += "left half|right half|top half|bottom half|lower half|upper half|right side|left side|the upper part|the lower part|top left|top right|bottom left|bottom right|the middle bit|the lower third|the top third|the left edge".split("|")
UNDO_EDIT = """undo {what}, {instruction}|undo {what} and {instruction}|without {what}: {instruction}|forget {what}, {instruction}|scrap {what}, {instruction}|not {what}, {instruction}|{what} was a mistake, {instruction}|lose {what} again and {instruction}|before {what}: {instruction}|{what} doesn't work. {instruction}|instead of {what}, {instruction}|no {what} after all, {instruction}""".replace("\n", "").split("|")
UPSCALE += """{ref} is tiny, enlarge it|{ref} is tiny on my screen, increase the resolution|{ref} is so small, make it bigger|{ref} is too pixelly, make it larger|{ref} looks pixelated, upscale it|i can't see anything in {ref}, make it bigger|i like {ref} more, upscale it|i like {ref} best, enlarge it|{ref} is my favourite, make it bigger|{ref} wins, upscale it|let's go with {ref}, upscale it|{ref} is going on a poster, enlarge it|i want {ref} on my wall, upscale it|{ref} for a t-shirt, needs more pixels|{ref} please, bigger|blow {ref} up would you|make {ref} big enough to print""".replace("\n", "").split("|")
UPSCALE_HERE += """tiny on my screen, increase the resolution|it's tiny, enlarge|so small, make it bigger|i can't see a thing, bigger please|it's for a poster, larger please|needs more pixels|too pixelated, upscale|too pixelly|i'm printing it, bigger please""".replace("\n", "").split("|")
UPSCALE_BARE = {
    "2": "2x|2x please|x2|x2 please|double it|double size please|twice as big|twice the size|two times bigger|2 times larger|200%|2x bigger pls".split("|"),
    "4": "4x|4x please|x4|x4 pls|four times|four times bigger|quadruple it|4 times larger|400%|4x larger pls".split("|"),
}
UPSCALE_SCALE += "{ref} pls, {scale} bigger|{ref}, {scale}|{ref} please, {scale} larger|{ref} {scale} please|{ref} is nice, blow it up {scale}|i like {ref}, enlarge it {scale}|{scale} for {ref}|{ref} - {scale}|{ref} but {scale} bigger|print {ref} {scale} larger".split("|")
VARY += """{ref} is fire, one more like that|{ref} is great, more like it|love {ref}, do another in that vein|{ref} is close, try a variation|ooh {ref}, one more like that|{ref} has something, riff on it|one like {ref} please|same feel as {ref}, different picture|go again on {ref} with small differences""".replace("\n", "").split("|")
FIND_BARE = """find me that {query} i did {ago}|find that {query} i made {ago}|where's that {query} from {ago}|dig out the {query} from {ago}|search for the {query} from {ago}|do we have any {query} in the other chats|do we have any {query} in other sessions|have i got any {query} in my old sessions|what happened to the {query} i made {ago}|look for a {query} in all my chats|pull up my {query} from {ago}|is there a {query} somewhere in my history|i drew a {query} {ago}, find it|remember the {query} i did {ago}? find it|i know i made a {query} {ago}, where is it|search my library for {query}|go find my {query}""".replace("\n", "").split("|")
AGO = "some time ago|last week|yesterday|the other day|a while back|last month|on monday|ages ago|this morning|in spring|back then|two weeks ago".split("|")
TALK["I am sorry. What should be different?"] += """this thing is rubbish|this is rubbish, nothing looks like what i asked for|you never listen|useless|that's not even close|you ruined it|what a mess|this app is useless|nothing works|are you serious|this is not what i said|you keep getting it wrong|why do you never listen to me|worst picture ever|i'm disappointed|rubbish|it's all wrong|what is this mess|i give up|honestly that's bad|not even close mate""".replace("\n", "").split("|")
TALK["I am glad you like it."] += """my kids love it|that made my day|it's going on the fridge|spot on|chef's kiss|now that's what i call art|oh that's adorable|i'm impressed|my wife loves it|10/10|sick|lit|this slaps|absolutely gorgeous darling|you nailed it|that's hilarious|cracking job""".replace("\n", "").split("|")
# what an exact operation has made can be named by what it was before
BEFORE_OPERATION = {
    "greyscale": "the one that still has colour|the colour version|the coloured one|the one in colour|the version with colours|the one before it was black and white".split("|"),
    "crop": "the uncropped one|the full one|the one before cropping|the whole picture before the crop|the uncut version|the one that isn't cropped".split("|"),
    "rotate": "the unrotated one|the one before you turned it|the one that isn't rotated|the one before the rotation".split("|"),
    "flip": "the unflipped one|the one before mirroring|the one that isn't mirrored|the one before the flip".split("|"),
    "blur": "the one without blur|the one before the blur|the one that isn't blurred".split("|"),
    "sharpen": "the one before sharpening|the unsharpened one|the one that isn't sharpened".split("|"),
    "resize": "the one before resizing|the full size one|the one that isn't resized".split("|"),
}
CORRECTED += "{a}, sorry i mean {b}|{a} - sorry, {b}|{a}... no, {b}|{a} oops {b}|{a} i mean {b}|not {a}, {b}|{a}, wait no, {b}|{a}, scratch that, {b}".split("|")
NOT_THIS = "not this one, {b}|not that one, {b}|no not this, {b}|this... no, {b}|it, i mean {b}|not it, {b}|the last one, no, {b}".split("|")
OUT_OF = "of these {n}, {text}|from these {n} {text}|out of the {n} {text}|of the {n}, {text}|between the {n}, {text}|from the {n}, {text}|{text} out of the {n}|of those {n} {text}".split("|")
LISTED_ORDINALS = "{a} and {b}|{a} and {b}|the {a} and the {b}|the {a} and {b} one|the {a} and the {b} one|{a} & {b}|{a} and {b} ones|the {a} and {b} pictures".split("|")
FAVOURITES = "{text} are the best. |{text} are great, |i like {text}. |{text} are my favourites: |love {text}! |{text} are keepers, |i picked {text}. ".split("|")
THOSE = "those|them|these|both|those two|both of them".split("|")
# fmt: on
