// A picture, or one that is being painted. Chainlit compiles this file again whenever it draws a card again, which is a
// quarter of what the page does for a turn of a session of forty: so it is short, and the card itself (`cards.jsx`) is
// compiled by the first one.
import { Renderer } from "@/components/renderer"
import { memo, useEffect, useRef, useState } from "react"

const { parts, cards } = window.Easel

parts.Card ??= memo(function Card({ card }) {
  const [source, setSource] = useState("")
  const first = useRef(null)
  useEffect(() => void cards.then(setSource), [])
  if (!source) return null
  first.current ??= parts.Picture === undefined
  if (first.current) return <Renderer sourceCode={source} props={card} />
  const Shown = card.state === "ready" ? parts.Picture : parts.Working
  return <Shown {...card} />
})

export default <parts.Card card={props} />
