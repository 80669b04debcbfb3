export default function P() {
  return <h1>events</h1>;
}
