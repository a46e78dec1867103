// The turns before those that are shown, brought some at a time.
import { ChevronsUp } from "lucide-react"
import { useEffect, useState } from "react"

const { parts, earlier } = window.Easel

parts.Earlier ??= function Earlier({ turns }) {
  const [asked, setAsked] = useState(false)
  useEffect(() => setAsked(false), [turns])
  const ask = () => {
    if (asked) return
    setAsked(true)
    earlier()
  }
  return (
    <div className="easel-earlier">
      <button type="button" className="easel-button" aria-disabled={asked} onClick={ask}>
        <ChevronsUp size={14} aria-hidden="true" />
        Show earlier messages
        <span className="easel-quiet">{turns} more</span>
      </button>
    </div>
  )
}

export default <parts.Earlier {...props} />
